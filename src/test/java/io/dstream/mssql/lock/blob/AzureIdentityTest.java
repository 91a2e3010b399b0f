package io.dstream.mssql.lock.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.exception.ClientAuthenticationException;
import com.azure.identity.CredentialUnavailableException;
import io.dstream.mssql.testing.Poll;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class AzureIdentityTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    private final TokenRequestContext request =
            new TokenRequestContext().addScopes("https://storage.azure.com/.default");
    private final AccessToken token =
            new AccessToken("token", OffsetDateTime.now(ZoneOffset.UTC).plusHours(1));

    /// Answers once it may, and counts.
    private final class Slow implements TokenCredential {
        final CountDownLatch mayAnswer = new CountDownLatch(1);
        final AtomicInteger asked = new AtomicInteger();

        @Override
        public Mono<AccessToken> getToken(TokenRequestContext context) {
            return Mono.fromCallable(() -> {
                asked.incrementAndGet();
                mayAnswer.await();
                return token;
            });
        }
    }

    private static TokenCredential failing(RuntimeException failure) {
        return context -> Mono.error(failure);
    }

    private static void failsWith(AzureIdentity identity, TokenRequestContext request, String... words) {
        assertThatExceptionOfType(ClientAuthenticationException.class)
                .isThrownBy(() -> identity.getTokenSync(request))
                .satisfies(e -> assertThat(e.getMessage()).contains(words).doesNotContain("\n"));
    }

    @Test
    void aTokenThatComesTooLateIsForWhoAsksNext() throws Exception {
        Slow slow = new Slow();
        AzureIdentity identity = new AzureIdentity(slow, SHORT);
        failsWith(identity, request, "none came within");
        failsWith(identity, request, "none came within");
        assertThat(slow.asked).hasValue(1);

        slow.mayAnswer.countDown();
        Poll.until(() -> answers(identity), slow.asked::get);
        assertThat(slow.asked).hasValue(1);

        Poll.until(() -> answers(identity), slow.asked::get);
        assertThat(slow.asked).as("asks anew for the next").hasValueGreaterThan(1);
    }

    private boolean answers(AzureIdentity identity) {
        try {
            return identity.getTokenSync(request).equals(token);
        } catch (ClientAuthenticationException e) {
            return false;
        }
    }

    @Test
    void anotherRequestDoesNotGetWhatIsUnderWay() {
        Slow slow = new Slow();
        AzureIdentity identity = new AzureIdentity(slow, SHORT);

        failsWith(identity, request, "none came within");
        failsWith(identity, new TokenRequestContext().addScopes("other"), "none came within");

        assertThat(slow.asked).hasValue(2);
        slow.mayAnswer.countDown();
    }

    @Test
    void requestsThatDoNotBlockInsideGetTheSame() {
        Slow slow = new Slow();
        slow.mayAnswer.countDown();

        assertThat(new AzureIdentity(slow, Poll.LIMIT).getToken(request).block(Poll.LIMIT))
                .isSameAs(token);
    }

    @Test
    void whereNobodyHasAnIdentityItSaysHowToGetOne() {
        RuntimeException many = new CredentialUnavailableException("Environment..\r\nManaged..\r\nAzureCli..");

        failsWith(
                new AzureIdentity(failing(many), Poll.LIMIT),
                request,
                "AZURE_CLIENT_ID",
                "managed identity",
                "az login",
                "connection_string");
    }

    @Test
    void anIdentityThatIsRefusedIsToldInTheWordsOfWhoRefusedIt() {
        RuntimeException refused = new ClientAuthenticationException(
                "see inner exception",
                null,
                new IllegalStateException("AADSTS7000215: Invalid client secret.\nTrace ID"));

        failsWith(
                new AzureIdentity(failing(refused), Poll.LIMIT),
                request,
                "IllegalStateException: AADSTS7000215: Invalid client secret.");
    }

    @Test
    void aFailureIsNotKept() {
        AtomicInteger asked = new AtomicInteger();
        AzureIdentity identity = new AzureIdentity(
                context ->
                        asked.incrementAndGet() == 1 ? Mono.error(new IllegalStateException("once")) : Mono.just(token),
                Poll.LIMIT);

        failsWith(identity, request, "once");

        assertThat(identity.getTokenSync(request)).isSameAs(token);
    }
}
