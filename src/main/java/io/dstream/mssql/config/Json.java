package io.dstream.mssql.config;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// A parsed JSON value, before anybody knows what it should mean. Texts may be secrets: no `toString` shows them.
sealed interface Json {

    /// What messages call it: "a string".
    String kind();

    /// `duplicates` are the keys given more than once.
    record ObjectValue(Map<String, Json> members, Set<String> duplicates) implements Json {
        @Override
        public String kind() {
            return "an object";
        }
    }

    /// Items in order.
    record ListValue(List<Json> items) implements Json {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /// A string without its quotes and escapes.
    record Text(String value) implements Json {
        @Override
        public String kind() {
            return "a string";
        }

        @Override
        public String toString() {
            return kind();
        }
    }

    /// A number as it was written.
    record NumberText(String digits) implements Json {
        @Override
        public String kind() {
            return "a number";
        }

        @Override
        public String toString() {
            return kind();
        }
    }

    /// `true` or `false`.
    record Flag(boolean value) implements Json {
        @Override
        public String kind() {
            return "a boolean";
        }
    }

    /// `null`, which everywhere means the same as leaving the key out: HCL sends nulls for what is not set.
    record Nothing() implements Json {
        @Override
        public String kind() {
            return "null";
        }
    }
}
