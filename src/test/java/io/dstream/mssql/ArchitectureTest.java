package io.dstream.mssql;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What may depend on what. Who needs an exception adds its class to a list here and says why in the commit.
class ArchitectureTest {

    private static final String BASE = "io.dstream.mssql";

    /// Every package below the base, and those it may use. `Main`, in the base itself, may use all of them.
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            entry("failure", Set.of()),
            entry("logging", Set.of()),
            entry("config", Set.of()),
            entry("db", Set.of("config", "failure", "logging")),
            entry("cdc", Set.of("db", "config", "failure", "logging")),
            entry("checkpoint", Set.of("cdc", "db", "config", "failure", "logging")),
            entry("lock", Set.of("cdc", "db", "config", "failure", "logging")),
            entry("output", Set.of("cdc", "db", "config", "failure", "logging")),
            entry("ingest", Set.of("output", "checkpoint", "lock", "cdc", "db", "config", "failure", "logging")),
            entry(
                    "command",
                    Set.of("ingest", "output", "checkpoint", "lock", "cdc", "db", "config", "failure", "logging")),
            entry(
                    "rehearsal",
                    Set.of("ingest", "output", "checkpoint", "lock", "cdc", "db", "config", "failure", "logging")));

    private static final Set<String> STARTS_THREADS = Set.of(
            "Main",
            "LauncherWatch",
            "ProcessEnd",
            "cdc.RowPrefetch",
            "db.Database",
            "output.StdoutWriter",
            "ingest.Ingester",
            "ingest.StartUp",
            "rehearsal.Rehearsal",
            "rehearsal.RehearsedRun",
            "rehearsal.ReplayedServer",
            "lock.blob.AzureLockBlobs",
            "lock.blob.BlobLeaseLocker",
            "lock.sql.SqlAppLocker");

    private static final Set<String> ENDS_THE_PROCESS = Set.of("Main", "ProcessEnd", "rehearsal.Rehearsal");

    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(BASE);

    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages(BASE);

    @Test
    void packagesFormNoCycle() {
        slices().matching(BASE + ".(*)..").should().beFreeOfCycles().check(PRODUCTION);
    }

    @Test
    void everyPackageHasItsPlaceInTheLayers() {
        assertThat(MAY_USE.keySet()).containsAll(packages().toList());
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageUsesOnlyThoseBelowIt(String name) {
        String[] allowed = Stream.concat(Stream.of(name), MAY_USE.getOrDefault(name, Set.of()).stream())
                .map(below -> BASE + "." + below + "..")
                .toArray(String[]::new);

        classes()
                .that()
                .resideInAPackage(BASE + "." + name + "..")
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage(BASE + "..").or(resideInAnyPackage(allowed)))
                .check(PRODUCTION);
    }

    @Test
    void onlyMainOutputAndLoggingTouchTheStandardStreams() {
        noClasses()
                .that(areNot(Set.of("Main")))
                .and(resideOutsideOfPackages("output", "logging"))
                .should()
                .accessTargetWhere(access("a standard stream", target -> switch (target.getTargetOwner()
                        .getName()) {
                    case "java.lang.System" ->
                        Set.of("in", "out", "err", "setIn", "setOut", "setErr", "console")
                                .contains(target.getName());
                    case "java.io.FileDescriptor" -> Set.of("in", "out", "err").contains(target.getName());
                    default -> false;
                }))
                .check(PRODUCTION);
    }

    @Test
    void onlyTheClassesNamedForItStartThreads() {
        noClasses()
                .that(areNot(STARTS_THREADS))
                .should()
                .accessTargetWhere(access("the start of a thread", target -> {
                    JavaClass owner = target.getTargetOwner();
                    boolean ofThread = owner.isAssignableTo(Thread.class)
                            && Set.of("<init>", "start", "startVirtualThread", "ofVirtual", "ofPlatform")
                                    .contains(target.getName());
                    return ofThread
                            || owner.isAssignableTo(Thread.Builder.class)
                            || owner.isAssignableTo(ThreadFactory.class)
                            || owner.isEquivalentTo(Executors.class)
                            || owner.isAssignableTo(Executor.class)
                            || (owner.isEquivalentTo(CompletableFuture.class)
                                    && target.getName().endsWith("Async"));
                }))
                .check(PRODUCTION);
    }

    @Test
    void onlyMainAndItsStopEndTheProcess() {
        noClasses()
                .that(areNot(ENDS_THE_PROCESS))
                .should()
                .accessTargetWhere(access(
                        "the end of the process",
                        target -> Set.of("exit", "halt").contains(target.getName())
                                && (target.getTargetOwner().isEquivalentTo(System.class)
                                        || target.getTargetOwner().isEquivalentTo(Runtime.class))))
                .check(PRODUCTION);
    }

    @Test
    void onlyConfigurationAndOutputKnowJackson() {
        noClasses()
                .that(resideOutsideOfPackages("config", "output"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml.jackson..")
                .check(PRODUCTION);
    }

    @Test
    void rowsAreWrittenWithoutJackson() {
        noClasses()
                .that()
                .haveNameMatching(".*\\.output\\.\\w*(Encoders?|Writer|Shape|Buffers?|Line)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml.jackson..")
                .check(PRODUCTION);
    }

    @Test
    void onlyTheLayersAroundTheDatabaseKnowJdbc() {
        noClasses()
                .that(resideOutsideOfPackages("db", "cdc", "checkpoint", "lock"))
                .and()
                .haveNameNotMatching(".*\\.output\\.(ColumnEncoders|OffsetEncoder|VariantEncoder)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "com.microsoft.sqlserver..", "microsoft.sql..")
                .check(PRODUCTION);
    }

    @Test
    void onlyTheDatabaseLayerKnowsThePool() {
        noClasses()
                .that(resideOutsideOfPackages("db"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.zaxxer..")
                .check(PRODUCTION);
    }

    @Test
    void onlyLocksKnowAzure() {
        noClasses()
                .that(resideOutsideOfPackages("lock"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.azure..")
                .check(PRODUCTION);
    }

    @Test
    void productionDoesNotUseTheTestTree() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        BASE + ".standin..",
                        "org.junit..",
                        "org.assertj..",
                        "org.testcontainers..",
                        "com.tngtech..",
                        "org.h2..",
                        "com.alibaba..")
                .check(PRODUCTION);
    }

    @Test
    void noTestSleeps() {
        noClasses()
                .that()
                .haveNameMatching(".*(Test|IT|Contract)(\\$.*)?")
                .should()
                .accessTargetWhere(access("a sleep", target -> target.getName().equals("sleep")))
                .check(TESTS);
    }

    /// The packages directly below the base that have classes, without the base's own name.
    private static Stream<String> packages() {
        Set<String> names = new TreeSet<>();
        for (JavaClass type : PRODUCTION) {
            if (!type.getPackageName().equals(BASE)) {
                names.add(type.getPackageName().substring(BASE.length() + 1).replaceFirst("\\..*", ""));
            }
        }
        return names.stream();
    }

    private static DescribedPredicate<JavaClass> resideOutsideOfPackages(String... names) {
        String[] full = Stream.of(names).map(name -> BASE + "." + name + "..").toArray(String[]::new);
        return JavaClass.Predicates.resideOutsideOfPackages(full);
    }

    /// `names` are relative to the base; what is nested in such a class counts as the class.
    private static DescribedPredicate<JavaClass> areNot(Set<String> names) {
        return describe("are none of " + new TreeSet<>(names), type -> {
            String outermost = type.getName().replaceFirst("\\$.*", "");
            return !names.contains(outermost.substring(BASE.length() + 1));
        });
    }

    private static DescribedPredicate<JavaAccess<?>> access(String what, Predicate<JavaAccess<?>> access) {
        return describe("is " + what, access);
    }
}
