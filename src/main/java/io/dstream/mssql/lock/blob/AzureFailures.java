package io.dstream.mssql.lock.blob;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobStorageException;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What the storage's answers mean, by status and error code. The library's own messages are left out but for what the
/// network says: they are many lines long and quote requests.
final class AzureFailures {

    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private static final int LONGEST_EXCERPT = 300;

    /// The credential itself, and not what it may do.
    private static final Set<BlobErrorCode> BAD_CREDENTIAL = Set.of(
            BlobErrorCode.AUTHENTICATION_FAILED,
            BlobErrorCode.INVALID_AUTHENTICATION_INFO,
            BlobErrorCode.NO_AUTHENTICATION_INFORMATION);

    private AzureFailures() {}

    /// Of a request that was sent to `host`. Throws `InterruptedException` where that is what ended the request.
    static Failure translate(String operation, String host, RuntimeException e) throws InterruptedException {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BlobStorageException answer) {
                return answered(operation, answer);
            }
            if (cause instanceof InterruptedException) {
                throw new InterruptedException(operation + ": interrupted");
            }
            if (cause instanceof ClientAuthenticationException noToken) {
                return new TransientFailure(
                        operation + ": no Microsoft Entra token for account_url: " + excerpt(noToken), e);
            }
            if (cause instanceof TimeoutException) {
                return new TransientFailure(
                        operation + ": no answer from " + host + " within " + LockBlob.REQUEST_SECONDS + " s", e);
            }
            if (cause instanceof ConnectException unconnected) {
                return new TransientFailure(
                        operation + ": no connection to " + host + " (" + names(unconnected)
                                + "); check the account's address in lock_config, and the network",
                        e);
            }
            if (cause instanceof IOException network) {
                return new TransientFailure(
                        operation + ": " + network.getClass().getSimpleName() + ": " + excerpt(network), e);
            }
        }
        return new TransientFailure(operation + ": " + e.getClass().getSimpleName(), e);
    }

    private static Failure answered(String operation, BlobStorageException answer) {
        int status = answer.getStatusCode();
        BlobErrorCode code = answer.getErrorCode();
        String what = operation + ": the storage answered " + status + (code == null ? "" : " " + code);
        return switch (status) {
            case UNAUTHORIZED, FORBIDDEN -> new PermanentFailure(what + "; " + adviceOnAccess(code), answer);
            case BAD_REQUEST -> new PermanentFailure(what + "; check lock_config", answer);
            default -> new TransientFailure(what, answer);
        };
    }

    private static String adviceOnAccess(@Nullable BlobErrorCode code) {
        return code != null && BAD_CREDENTIAL.contains(code)
                ? "the account key, SAS token or identity of lock_config is not accepted: check that it belongs to this "
                        + "account, that a SAS token has not expired, and this machine's clock"
                : "lock_config's credential is not accepted or not allowed to do that: a SAS token needs read, create "
                        + "and write (rcw), an identity the role Storage Blob Data Contributor; create the container "
                        + "beforehand where it may not; check the account key and the network rules of the account";
    }

    /// The JDK's client gives no other reason than the names of what caused it.
    private static String names(Throwable e) {
        Set<String> names = new LinkedHashSet<>();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            names.add(cause.getClass().getSimpleName());
        }
        return String.join(", ", names);
    }

    /// Its first line, or the beginning of it.
    private static String excerpt(Throwable e) {
        String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return line.length() <= LONGEST_EXCERPT ? line : line.substring(0, LONGEST_EXCERPT) + "..";
    }
}
