package io.dstream.mssql.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;

/// A small shop that is busy for ever: customers come, order, change their mind. Used by one thread.
final class Shop {

    private static final List<String> TABLES = List.of(
            "CREATE TABLE dbo.customers (id int NOT NULL PRIMARY KEY, name nvarchar(100) NOT NULL,"
                    + " email varchar(200) NULL)",
            "CREATE TABLE dbo.products (id int NOT NULL PRIMARY KEY, name nvarchar(100) NOT NULL,"
                    + " price decimal(10,2) NOT NULL, stock int NOT NULL)",
            "CREATE TABLE dbo.orders (id int NOT NULL PRIMARY KEY, customer_id int NOT NULL, product_id int NOT NULL,"
                    + " quantity int NOT NULL, status varchar(20) NOT NULL)");

    private static final List<String> NAMES = List.of("John Doe", "Zoë Müller", "Nguyễn Thị Lan", "Ana Souza");
    private static final List<String> PRODUCTS = List.of("Espresso", "Flat white", "Croissant", "Café crème");
    private static final int OPENING_STOCK = 1_000;

    /// Orders older than this many are delivered; then they are deleted.
    private static final int UNDER_WAY = 10;

    private static final int KEPT = 30;

    private final Connection connection;
    private final Random random = new Random(1);
    private int customers;
    private int orders;

    /// `connection` is its own, to an empty database.
    Shop(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
    }

    /// Makes the tables, turns CDC on, and puts products on the shelves.
    void open() throws SQLException {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("EXEC sys.sp_cdc_enable_db");
            for (String table : TABLES) {
                statement.execute(table);
            }
            for (String table : List.of("customers", "products", "orders")) {
                statement.execute("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'" + table
                        + "', @role_name = NULL");
            }
        }
        connection.setAutoCommit(false);
        for (int i = 0; i < PRODUCTS.size(); i++) {
            run(
                    "INSERT INTO dbo.products (id, name, price, stock) VALUES (?, ?, ?, ?)",
                    i + 1,
                    PRODUCTS.get(i),
                    "2." + (i + 1) + "0",
                    OPENING_STOCK);
        }
        connection.commit();
        step();
    }

    /// One transaction of three tables.
    void step() throws SQLException {
        if (orders % 2 == 0) {
            customers++;
            String name = NAMES.get(customers % NAMES.size());
            run("INSERT INTO dbo.customers (id, name) VALUES (?, ?)", customers, name);
        } else {
            run("UPDATE dbo.customers SET email = ? WHERE id = ?", "c" + orders + "@example.com", anyCustomer());
        }
        orders++;
        int product = 1 + random.nextInt(PRODUCTS.size());
        run(
                "INSERT INTO dbo.orders (id, customer_id, product_id, quantity, status) VALUES (?, ?, ?, ?, 'new')",
                orders,
                anyCustomer(),
                product,
                1 + random.nextInt(3));
        run("UPDATE dbo.products SET stock = stock - 1 WHERE id = ?", product);
        run("UPDATE dbo.orders SET status = 'delivered' WHERE id = ?", orders - UNDER_WAY);
        run("DELETE FROM dbo.orders WHERE id = ?", orders - KEPT);
        connection.commit();
    }

    private int anyCustomer() {
        return 1 + random.nextInt(customers);
    }

    private void run(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
