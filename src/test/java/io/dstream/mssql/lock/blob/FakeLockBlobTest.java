package io.dstream.mssql.lock.blob;

/// The fake keeps the promises that tests of the keeper rest on.
final class FakeLockBlobTest extends LockBlobContract {

    private final FakeLockBlobs blobs = new FakeLockBlobs(System::nanoTime);

    @Override
    LockBlob missing() {
        return blobs.named("server/shop/dbo.orders.lock");
    }

    @Override
    void leaseWithoutEnd(LockBlob blob) {
        blobs.named(blob.name()).leaseWithoutEnd();
    }
}
