package io.dstream.mssql.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.MountableFile;

/// The emulator of Azure Blob Storage that integration tests talk to: from npm, or from a container where there is
/// no npm; `-Dazurite=npm` and `-Dazurite=container` choose. One for all tests of a run, in memory; it ends with
/// the process. Thread-safe.
public final class Azurite {

    /// As in `src/test/azurite/package.json`.
    static final String VERSION = "3.37.0";

    private static final String IMAGE = "mcr.microsoft.com/azure-storage/azurite:" + VERSION;
    private static final int CONTAINER_PORT = 10000;

    static final String ACCOUNT = "devstoreaccount1";

    /// No secret: the one account every Azurite knows (Microsoft Learn: "Use the Azurite emulator", well-known
    /// storage account and key).
    private static final String ACCOUNT_KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// Apart, so that nothing starts before [#shared].
    private static final class Shared {
        private static final Attempt ATTEMPT = open(List.of(), List.of());
    }

    /// What came of starting it.
    sealed interface Attempt {
        /// It listens.
        record Running(Azurite azurite) implements Attempt {}

        /// It cannot run on this machine.
        record Missing(String reason) implements Attempt {}
    }

    private final int port;

    private Azurite(int port) {
        this.port = port;
    }

    /// Starts it, if this is the first call; the first ever installs it, which takes half a minute. Where that is
    /// impossible the calling test is skipped, or fails if Azurite was asked for: by the environment variable
    /// `DSTREAM_TEST_AZURITE=required`, or by `-Dazurite`. Not for static fields of tests, which cannot be skipped.
    public static Azurite shared() {
        boolean required = "required".equals(System.getenv("DSTREAM_TEST_AZURITE"));
        return require(Shared.ATTEMPT, required || !choice().isEmpty());
    }

    static Azurite require(Attempt attempt, boolean required) {
        return switch (attempt) {
            case Attempt.Running(Azurite azurite) -> azurite;
            case Attempt.Missing(String reason)
            when required -> throw new AssertionError("Azurite is required, but " + reason);
            case Attempt.Missing(String reason) -> Assumptions.abort("No Azurite: " + reason);
        };
    }

    private static String choice() {
        return System.getProperty("azurite", "");
    }

    /// Starts another one, with more options; they name `files`.
    static Attempt open(List<String> options, List<Path> files) {
        return switch (choice()) {
            case "npm" -> ofNpm(options);
            case "container" -> ofContainer(options, files);
            case "" -> NpmAzurite.isPossible() ? ofNpm(options) : ofContainer(options, files);
            default -> new Attempt.Missing("-Dazurite is npm or container, not " + choice());
        };
    }

    private static Attempt ofNpm(List<String> options) {
        try {
            return new Attempt.Running(new Azurite(NpmAzurite.start(options)));
        } catch (IOException e) {
            return new Attempt.Missing(e.getMessage() + "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Attempt.Missing("its start was interrupted");
        }
    }

    /// The container ends with this process: Testcontainers sees to it.
    private static Attempt ofContainer(List<String> options, List<Path> files) {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return new Attempt.Missing("npm with node is missing or not wanted, and Docker does not answer");
        }
        GenericContainer<?> container = new GenericContainer<>(IMAGE)
                .withExposedPorts(CONTAINER_PORT)
                .withCommand("azurite-blob --blobHost 0.0.0.0 --blobPort " + CONTAINER_PORT + " " + NpmAzurite.OPTIONS
                        + " " + String.join(" ", options))
                .waitingFor(Wait.forLogMessage(".*successfully listens on.*\\n", 1));
        files.forEach(file -> container.withCopyFileToContainer(MountableFile.forHostPath(file), file.toString()));
        try {
            container.start();
        } catch (ContainerLaunchException | ContainerFetchException e) {
            return new Attempt.Missing("its container does not start: " + e);
        }
        return new Attempt.Running(new Azurite(container.getMappedPort(CONTAINER_PORT)));
    }

    /// On 127.0.0.1.
    public int port() {
        return port;
    }

    /// As the well-known account.
    public String connectionString() {
        return connectionString(port);
    }

    /// As the well-known account, through what listens on `viaPort` of 127.0.0.1: a [StorageProxy].
    public String connectionString(int viaPort) {
        return "DefaultEndpointsProtocol=http;AccountName=" + ACCOUNT + ";AccountKey=" + ACCOUNT_KEY
                + ";BlobEndpoint=http://127.0.0.1:" + viaPort + "/" + ACCOUNT + ";";
    }

    /// In base64.
    public String accountKey() {
        return ACCOUNT_KEY;
    }

    /// A valid name that no other test has; the container does not exist yet.
    public String newContainerName() {
        return "test-" + UUID.randomUUID();
    }
}
