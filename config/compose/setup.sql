-- A database with change data capture, and some changes to see. May run again and again.
SET NOCOUNT ON;
IF DB_ID(N'shop') IS NULL CREATE DATABASE shop;
GO
USE shop;
GO
IF (SELECT is_cdc_enabled FROM sys.databases WHERE name = N'shop') = 0 EXEC sys.sp_cdc_enable_db;
GO
IF OBJECT_ID(N'dbo.customers') IS NULL
  CREATE TABLE dbo.customers (id int IDENTITY PRIMARY KEY, name nvarchar(100) NOT NULL, email nvarchar(200) NULL);
IF OBJECT_ID(N'dbo.products') IS NULL
  CREATE TABLE dbo.products (id int IDENTITY PRIMARY KEY, name nvarchar(100) NOT NULL, price decimal(10, 2) NOT NULL);
IF OBJECT_ID(N'dbo.orders') IS NULL
  CREATE TABLE dbo.orders (id int IDENTITY PRIMARY KEY, customer_id int NOT NULL, product_id int NOT NULL,
    quantity int NOT NULL);
GO
IF OBJECT_ID(N'cdc.dbo_customers_CT') IS NULL
  EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'customers', @role_name = NULL;
IF OBJECT_ID(N'cdc.dbo_products_CT') IS NULL
  EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'products', @role_name = NULL;
IF OBJECT_ID(N'cdc.dbo_orders_CT') IS NULL
  EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'orders', @role_name = NULL;
GO
INSERT INTO dbo.customers (name, email) VALUES (N'Ada', N'ada@example.com');
INSERT INTO dbo.products (name, price) VALUES (N'Espresso', 2.10);
INSERT INTO dbo.orders (customer_id, product_id, quantity) VALUES (1, 1, 2);
UPDATE dbo.customers SET email = N'ada.lovelace@example.com' WHERE id = 1;
GO
