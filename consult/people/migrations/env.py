"""What Alembic runs: the migrations that are missing, on the connection that it is given.

The connection is in a transaction, which `consult.people.schema.migrate` began and ends.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
