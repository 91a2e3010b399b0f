package io.dstream.mssql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.alibaba.druid.DbType;
import com.alibaba.druid.sql.SQLUtils;
import com.alibaba.druid.sql.parser.ParserException;
import io.dstream.mssql.cdc.CaptureInstance;
import io.dstream.mssql.cdc.CapturedColumn;
import io.dstream.mssql.cdc.CapturedColumn.SqlType;
import io.dstream.mssql.cdc.ChangeTable;
import io.dstream.mssql.cdc.TableName;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every statement that the program sends, read by a T-SQL parser that knows nothing of us.
///
/// A statement is a text constant of a class `..Sql`, or what one of its methods makes of [#SAMPLES].
final class SqlStatementsTest {

    private static final Path SOURCES = Path.of("src/main/java");

    /// A statement written where it is sent, out of this test's sight.
    private static final Pattern SPLICED =
            Pattern.compile("\\.(prepareStatement|prepareCall|executeQuery|executeUpdate|execute)\\(\\s*\"");

    /// Without a closing bracket in any name: the parser does not know that `]]` stands for one. `CdcRulesIT` has
    /// such names.
    private static final CaptureInstance INSTANCE = new CaptureInstance(
            new TableName("s ['1", "Order [\"1\""),
            "s ['1_Order [\"1\"",
            1,
            List.of(
                    new CapturedColumn("id", 1, new SqlType("int", 4, 10, 0), false),
                    new CapturedColumn("a[b", 2, new SqlType("nvarchar", 20, 0, 0), false),
                    new CapturedColumn("my col$a", 3, new SqlType("nvarchar", 20, 0, 0), true)));

    private static final ChangeTable CHANGE_TABLE = new ChangeTable(INSTANCE.source(), 1, INSTANCE.name());

    /// What methods that make statements are called with, by the type of the parameter.
    private static final Map<Class<?>, List<Object>> SAMPLES = Map.of(
            CaptureInstance.class,
            List.of(INSTANCE),
            TableName.class,
            List.of(INSTANCE.source()),
            String.class,
            List.of("my role"),
            Duration.class,
            List.of(Duration.ofDays(3)),
            boolean.class,
            List.of(true, false),
            int.class,
            List.of(2),
            Collection.class,
            List.of(List.of(5, 7)),
            List.class,
            List.of(List.of(CHANGE_TABLE, CHANGE_TABLE), Collections.nCopies(101, CHANGE_TABLE)));

    @ParameterizedTest(name = "{0}")
    @MethodSource("statements")
    void isTransactSql(String name, String statement) {
        assertThat(SQLUtils.parseStatements(statement, DbType.sqlserver))
                .as(name)
                .isNotEmpty();
    }

    @Test
    void theParserRefusesWhatIsNoSql() {
        assertThatExceptionOfType(ParserException.class)
                .isThrownBy(() -> SQLUtils.parseStatements("SELECT a FROM WHERE (b", DbType.sqlserver));
    }

    @Test
    void everyClassOfStatementsIsTried() throws Exception {
        List<String> tried = statements().map(each -> (String) each[0]).toList();

        assertThat(sqlClasses())
                .isNotEmpty()
                .allSatisfy(type ->
                        assertThat(tried).anySatisfy(name -> assertThat(name).startsWith(type.getSimpleName() + ".")));
    }

    @Test
    void noStatementIsWrittenElsewhere() throws IOException {
        assertThat(sources())
                .isNotEmpty()
                .allSatisfy(source -> assertThat(Files.readString(source))
                        .as(source.toString())
                        .doesNotContainPattern(SPLICED));
    }

    static Stream<Object[]> statements() throws Exception {
        Map<String, String> statements = new TreeMap<>();
        for (Class<?> type : sqlClasses()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getType() == String.class && Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    statements.put(type.getSimpleName() + "." + field.getName(), (String) field.get(null));
                }
            }
            for (Method method : type.getDeclaredMethods()) {
                boolean makesStatements = method.getReturnType() == String.class
                        && !Modifier.isPrivate(method.getModifiers())
                        && !method.isSynthetic();
                if (makesStatements) {
                    statements.putAll(made(type, method));
                }
            }
        }
        return statements.entrySet().stream().map(each -> new Object[] {each.getKey(), each.getValue()});
    }

    private static Map<String, String> made(Class<?> type, Method method) throws Exception {
        method.setAccessible(true);
        Map<String, String> statements = new TreeMap<>();
        for (List<Object> arguments : arguments(method)) {
            statements.put(
                    type.getSimpleName() + "." + method.getName() + (statements.isEmpty() ? "" : statements.size()),
                    (String) method.invoke(null, arguments.toArray()));
        }
        return statements;
    }

    /// Every combination of samples.
    private static List<List<Object>> arguments(Method method) {
        List<List<Object>> combinations = List.of(List.of());
        for (Class<?> parameter : method.getParameterTypes()) {
            List<Object> samples = SAMPLES.getOrDefault(parameter, List.of());
            assertThat(samples).as("samples of %s for %s", parameter, method).isNotEmpty();
            List<List<Object>> longer = new ArrayList<>();
            for (List<Object> combination : combinations) {
                for (Object sample : samples) {
                    longer.add(Stream.concat(combination.stream(), Stream.of(sample))
                            .toList());
                }
            }
            combinations = longer;
        }
        return combinations;
    }

    private static List<Class<?>> sqlClasses() throws Exception {
        List<Class<?>> classes = new ArrayList<>();
        for (Path source : sources()) {
            if (source.toString().endsWith("Sql.java")) {
                String name = SOURCES.relativize(source).toString();
                classes.add(Class.forName(
                        name.substring(0, name.length() - ".java".length()).replace('/', '.')));
            }
        }
        return classes;
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return Arrays.asList(
                    files.filter(file -> file.toString().endsWith(".java")).toArray(Path[]::new));
        }
    }
}
