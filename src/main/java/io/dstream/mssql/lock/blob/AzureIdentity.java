package io.dstream.mssql.lock.blob;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.SharedExecutorService;
import com.azure.identity.CredentialUnavailableException;
import com.azure.identity.DefaultAzureCredentialBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Microsoft Entra identity: whatever the surroundings give, of environment variables, workload identity, managed
/// identity, the Azure CLI, .. Source: Microsoft Learn, "Credential chains in the Azure Identity client library for
/// Java". Thread-safe.
///
/// Nobody waits long for a token. An endpoint that does not answer is asked for half a minute by the library, which
/// meanwhile lets no request go: also with a token that is good for minutes yet. What takes longer is not given up,
/// though, and who asks next gets it: a command line program may take that long.
///
/// A class of its own, so that nobody loads that library who logs in by key or SAS.
final class AzureIdentity implements TokenCredential {

    /// Less than a request may take, so that it is the token that is said to be missing.
    private static final Duration PATIENCE = Duration.ofSeconds(LockBlob.REQUEST_SECONDS - 1);

    private static final @Nullable HttpResponse NO_RESPONSE = null;

    private final TokenCredential surroundings;
    private final Duration patience;

    /// What is still under way.
    private @Nullable Asked asked;

    /// For what, and the answer.
    private record Asked(List<String> scopes, String claims, String tenant, Future<AccessToken> answer) {

        static Asked ask(TokenCredential credential, TokenRequestContext request) {
            return new Asked(
                    List.copyOf(request.getScopes()),
                    String.valueOf(request.getClaims()),
                    String.valueOf(request.getTenantId()),
                    SharedExecutorService.getInstance().submit(() -> credential.getTokenSync(request)));
        }

        boolean isFor(TokenRequestContext request) {
            return scopes.equals(request.getScopes())
                    && claims.equals(String.valueOf(request.getClaims()))
                    && tenant.equals(String.valueOf(request.getTenantId()));
        }
    }

    /// Waits `patience` for a token of `surroundings`.
    AzureIdentity(TokenCredential surroundings, Duration patience) {
        this.surroundings = surroundings;
        this.patience = patience;
    }

    /// Sends its requests by `http`, those that it does not send otherwise.
    static AzureIdentity ofSurroundings(HttpClient http) {
        return new AzureIdentity(
                new DefaultAzureCredentialBuilder().httpClient(http).build(), PATIENCE);
    }

    /// As [#getTokenSync], for those of the library's blocking requests that do not block inside.
    @Override
    public Mono<AccessToken> getToken(TokenRequestContext request) {
        return Mono.fromCallable(() -> getTokenSync(request)).subscribeOn(Schedulers.boundedElastic());
    }

    /// Throws `ClientAuthenticationException`, whose message is one line, where there is none in time.
    @Override
    public AccessToken getTokenSync(TokenRequestContext request) {
        Asked current = ask(request);
        try {
            AccessToken token = current.answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            forget(current);
            return token;
        } catch (TimeoutException e) {
            throw new ClientAuthenticationException("none came within " + patience.toSeconds() + " s", NO_RESPONSE, e);
        } catch (ExecutionException e) {
            forget(current);
            throw new ClientAuthenticationException(reason(e), NO_RESPONSE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a token", e);
        }
    }

    private synchronized Asked ask(TokenRequestContext request) {
        if (asked == null || !asked.isFor(request)) {
            asked = Asked.ask(surroundings, request);
        }
        return asked;
    }

    private synchronized void forget(Asked done) {
        if (done.equals(asked)) {
            asked = null;
        }
    }

    /// The library's own words are a page, or point to the exception inside.
    private static String reason(Throwable failure) {
        Throwable inmost = failure;
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof CredentialUnavailableException) {
                return "found no identity: set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or give this "
                        + "machine a managed identity, or run `az login`; or use connection_string";
            }
            inmost = cause;
        }
        return inmost.getClass().getSimpleName() + ": "
                + String.valueOf(inmost.getMessage()).lines().findFirst().orElse("");
    }
}
