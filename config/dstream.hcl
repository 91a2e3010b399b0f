# A task for DStream's CLI: changes of SQL Server tables to its log output provider.
#
#   export MSSQL_CONNECTION_STRING='server=db1.example.com,1433;database=shop;user id=dstream_ingester;password=...'
#   dstream run mssql-changes
#
# The CLI takes `config` as attributes, so objects are written with `=` too. It renders this file as a template and
# keeps what it read; a secret is better named, as here: the provider reads the variable itself, from the environment
# that it has of the CLI.
task "mssql-changes" {
  type = "providers"

  input {
    # The file that `./mvnw -DskipTests package` leaves, seen from where dstream is started. A published provider is
    # named by provider_ref instead.
    provider_path = "target/dstream-ingester-mssql"
    config {
      db_connection_string = { env = "MSSQL_CONNECTION_STRING" }
      tables               = ["dbo.orders", { name = "dbo.customers", exclude_columns = ["email"] }]
      poll_interval        = "5s"
      max_poll_interval    = "1m"
      lock_config          = { type = "sql_server" }
      output_format        = "change"
    }
  }

  output {
    provider_ref = "ghcr.io/katasec/dstream-log-output-provider:v0.1.0"
    config {
      logLevel = "info"
    }
  }
}
