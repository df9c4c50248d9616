"""A lake of interactions on Apache Spark: what its tables hold, how they are built and kept up to date."""
