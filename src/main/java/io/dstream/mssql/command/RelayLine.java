package io.dstream.mssql.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dstream.mssql.output.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// An answer as a line that DStream's relay can take, which breaks at 65,536 bytes. What is too much is left out
/// whole, and counted: tables that nothing was found about, the other tables, steps, and what was found, the
/// least severe first. Used by one thread.
final class RelayLine {

    /// With the newline.
    static final int MOST_BYTES = 60_000;

    /// More than all the counts of what was left out take.
    private static final int COUNTS_BYTES = 200;

    private static final int WRAPPING_BYTES = JsonText.of(Map.of("", "")).length() - "\"\"".length();

    private final Map<String, Object> answer;
    private int excessBytes;

    private RelayLine(Map<String, Object> answer, int excessBytes) {
        this.answer = new LinkedHashMap<>(answer);
        this.excessBytes = excessBytes;
    }

    /// One line, whole where it may be.
    static String of(Map<String, Object> answer) {
        String whole = JsonText.of(answer);
        int excessBytes = bytes(whole) + 1 - MOST_BYTES;
        return excessBytes <= 0 ? whole : new RelayLine(answer, excessBytes + COUNTS_BYTES).cut();
    }

    private String cut() {
        Set<Object> subjects = Stream.of("findings", "errors")
                .flatMap(name -> items(name).stream())
                .<Object>map(item -> item.getOrDefault("subject", ""))
                .collect(Collectors.toSet());
        leaveOut("tables", table -> !subjects.contains(table.getOrDefault("table", "")));
        leaveOut("tables", _ -> true);
        leaveOut("steps", _ -> true);
        leaveOut("findings", finding -> "info".equals(finding.get("severity")));
        leaveOut("findings", finding -> "warning".equals(finding.get("severity")));
        leaveOut("findings", _ -> true);
        leaveOut("errors", _ -> true);
        return JsonText.of(answer);
    }

    /// The last first, no more than needed.
    private void leaveOut(String name, Predicate<Map<String, Object>> dispensable) {
        List<Map<String, Object>> kept = new ArrayList<>(items(name));
        int before = kept.size();
        for (int i = before - 1; i >= 0 && excessBytes > 0; i--) {
            if (dispensable.test(kept.get(i))) {
                excessBytes -= bytes(JsonText.of(Map.of("", kept.remove(i)))) - WRAPPING_BYTES;
            }
        }
        if (kept.size() < before) {
            answer.put(name, kept);
            int already = answer.get(name + "_left_out") instanceof Integer count ? count : 0;
            answer.put(name + "_left_out", already + before - kept.size());
        }
    }

    private List<Map<String, Object>> items(String name) {
        List<Map<String, Object>> items = new ArrayList<>();
        if (answer.get(name) instanceof List<?> list) {
            for (Object item : list) {
                items.add(members(item));
            }
        }
        return items;
    }

    private static Map<String, Object> members(Object item) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (item instanceof Map<?, ?> map) {
            map.forEach((name, value) -> members.put(String.valueOf(name), value));
        }
        return members;
    }

    private static int bytes(String text) {
        return text.getBytes(UTF_8).length;
    }
}
