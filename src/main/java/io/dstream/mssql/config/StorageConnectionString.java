package io.dstream.mssql.config;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Checks an Azure Storage connection string, `key=value;..`, and spells it as the SDK wants it: that one refuses
/// keys in another case, spaces around them and empty values, all of which people write.
///
/// No problem shows a piece of the string: where it is malformed, any piece may belong to the account's key.
///
/// Source: Microsoft Learn, "Configure Azure Storage connection strings".
final class StorageConnectionString {

    private static final String DEVELOPMENT = "UseDevelopmentStorage";
    private static final String PROXY = "DevelopmentStorageProxyUri";
    private static final String ACCOUNT_NAME = "AccountName";
    private static final String ACCOUNT_KEY = "AccountKey";
    private static final String SIGNATURE = "SharedAccessSignature";
    private static final String BLOB_ENDPOINT = "BlobEndpoint";
    private static final String PROTOCOL = "DefaultEndpointsProtocol";

    /// What says where blobs are and who asks.
    private static final List<String> FOR_BLOBS =
            List.of(PROTOCOL, ACCOUNT_NAME, ACCOUNT_KEY, SIGNATURE, BLOB_ENDPOINT, "EndpointSuffix");

    /// The same for the emulator, beside which the SDK allows no other key.
    private static final List<String> FOR_DEVELOPMENT = List.of(DEVELOPMENT, PROXY);

    /// Allowed, since portals hand them out, and passed over: leases are held at the primary endpoint.
    private static final List<String> FOR_OTHERS = List.of(
            "BlobSecondaryEndpoint",
            "QueueEndpoint",
            "QueueSecondaryEndpoint",
            "TableEndpoint",
            "TableSecondaryEndpoint",
            "FileEndpoint",
            "FileSecondaryEndpoint");

    private static final List<String> KNOWN = Stream.of(FOR_BLOBS, FOR_DEVELOPMENT, FOR_OTHERS)
            .flatMap(List::stream)
            .toList();

    private final Consumer<String> problem;
    private final Map<String, String> values = new LinkedHashMap<>();
    private boolean failed;

    private StorageConnectionString(Consumer<String> problem) {
        this.problem = problem;
    }

    /// Empty after at least one problem.
    static Optional<Secret> parse(Secret secret, Consumer<String> problem) {
        StorageConnectionString parser = new StorageConnectionString(problem);
        parser.read(secret.reveal());
        return parser.failed ? Optional.empty() : Optional.of(parser.spelled());
    }

    private Secret spelled() {
        List<String> used = has(DEVELOPMENT) ? FOR_DEVELOPMENT : FOR_BLOBS;
        return new Secret(values.entrySet().stream()
                .filter(value -> used.contains(value.getKey()))
                .map(value -> value.getKey() + "=" + value.getValue())
                .collect(Collectors.joining(";")));
    }

    private void read(String text) {
        List<String> parts =
                Stream.of(text.split(";", -1)).filter(part -> !part.isBlank()).toList();
        boolean allKnown = true;
        for (int i = 0; i < parts.size(); i++) {
            allKnown &= readPart("part " + (i + 1), parts.get(i));
        }
        // What could not be read may be what seems to be missing.
        if (allKnown) {
            complete();
        }
    }

    private boolean readPart(String place, String part) {
        int equals = part.indexOf('=');
        if (equals < 0) {
            fail(place + " has no `=`");
            return false;
        }
        String written = part.substring(0, equals).strip();
        Optional<String> key = KNOWN.stream().filter(written::equalsIgnoreCase).findFirst();
        if (key.isEmpty()) {
            fail("unknown key in " + place
                    + NearestName.to(written, KNOWN)
                            .map(near -> "; did you mean `" + near + "`?")
                            .orElse(""));
            return false;
        }
        // Empty is the same as absent.
        String value = part.substring(equals + 1).strip();
        if (!value.isEmpty()) {
            put(key.get(), value);
        }
        return true;
    }

    private void put(String key, String value) {
        require(!values.containsKey(key), "`" + key + "` is given twice");
        values.put(key, value);
        switch (key) {
            case ACCOUNT_KEY -> require(isBase64(value), "`AccountKey` is not base64");
            case DEVELOPMENT ->
                require(value.equalsIgnoreCase("true"), "`UseDevelopmentStorage` must be true, or left out");
            case PROTOCOL ->
                require(
                        value.equalsIgnoreCase("https") || value.equalsIgnoreCase("http"),
                        "`DefaultEndpointsProtocol` must be https or http");
            case BLOB_ENDPOINT ->
                require(
                        WebUrl.parse(value).filter(WebUrl::isBare).isPresent(),
                        "`BlobEndpoint` is not a URL such as https://account.blob.core.windows.net");
            default -> {}
        }
    }

    private void complete() {
        if (has(DEVELOPMENT)) {
            require(
                    !has(ACCOUNT_NAME) && !has(ACCOUNT_KEY) && !has(SIGNATURE) && !has(BLOB_ENDPOINT),
                    "names an account beside `UseDevelopmentStorage`: use one of them");
            return;
        }
        require(
                has(ACCOUNT_NAME) || has(BLOB_ENDPOINT),
                "names no account: add AccountName or BlobEndpoint, or use UseDevelopmentStorage=true");
        require(has(ACCOUNT_KEY) || has(SIGNATURE), "names no login: add AccountKey or SharedAccessSignature");
        require(
                !has(ACCOUNT_KEY) || !has(SIGNATURE),
                "names two logins, AccountKey and SharedAccessSignature: use one of them");
        require(
                !has(ACCOUNT_KEY) || has(ACCOUNT_NAME) || !has(BLOB_ENDPOINT),
                "names no AccountName, which belongs to AccountKey");
    }

    private boolean has(String key) {
        return values.containsKey(key);
    }

    private static boolean isBase64(String value) {
        try {
            return Base64.getDecoder().decode(value).length > 0;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private void require(boolean fits, String otherwise) {
        if (!fits) {
            fail(otherwise);
        }
    }

    private void fail(String text) {
        failed = true;
        problem.accept(text);
    }
}
