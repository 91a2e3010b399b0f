package io.dstream.mssql.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineBuffersTest {

    private final LineBuffers buffers = new LineBuffers();

    @Test
    void lendsAgainWhatCameBackAndEmptiesIt() {
        JsonBuffer first = buffers.borrow();
        JsonBuffer second = buffers.borrow();
        assertThat(second).isNotSameAs(first);

        first.writeNull();
        buffers.giveBack(first);

        assertThat(buffers.borrow()).isSameAs(first);
        assertThat(first.size()).isZero();
    }

    @Test
    void forgetsABufferThatHasGrownLarge() {
        JsonBuffer grown = buffers.borrow();
        grown.writeBase64(new byte[4 * 1024 * 1024]);
        buffers.giveBack(grown);

        assertThat(buffers.borrow()).isNotSameAs(grown);
    }
}
