/* Reads rows by their keys from a server as fast as its C library can: so many threads, each with a
 * connection and a prepared statement of its own, for so many seconds. Prints reads per second.
 *
 *   direct mariadb|postgres SOCKET USER DATABASE THREADS SECONDS
 */
#include <libpq-fe.h>
#include <mysql.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROWS 100000
#define COLUMNS 8
#define QUERY "SELECT id, user_id, title, body, views, done, created_at, updated_at FROM posts " \
              "WHERE id = "

static const char *engine, *address, *user, *database;
static atomic_int ends;
static atomic_long total;

static void fail(const char *message)
{
    fprintf(stderr, "direct: %s\n", message);
    exit(1);
}

static void postgres(unsigned seed)
{
    const char *names[] = {"host", "user", "dbname", NULL};
    const char *values[] = {address, user, database, NULL};
    PGconn *connection = PQconnectdbParams(names, values, 0);
    if (PQstatus(connection) != CONNECTION_OK) fail(PQerrorMessage(connection));
    PQclear(PQprepare(connection, "read", QUERY "$1", 1, NULL));
    long count = 0;
    while (!ends) {
        char key[16];
        snprintf(key, sizeof key, "%d", 1 + rand_r(&seed) % ROWS);
        const char *parameters[] = {key};
        PGresult *result = PQexecPrepared(connection, "read", 1, parameters, NULL, NULL, 0);
        if (PQntuples(result) != 1) fail(PQerrorMessage(connection));
        PQclear(result);
        count++;
    }
    total += count;
    PQfinish(connection);
}

static void mariadb(unsigned seed)
{
    MYSQL *connection = mysql_init(NULL);
    if (!mysql_real_connect(connection, NULL, user, NULL, database, 0, address, 0))
        fail(mysql_error(connection));
    MYSQL_STMT *statement = mysql_stmt_init(connection);
    if (mysql_stmt_prepare(statement, QUERY "?", strlen(QUERY "?")))
        fail(mysql_stmt_error(statement));
    int key = 0;
    MYSQL_BIND parameter = {.buffer_type = MYSQL_TYPE_LONG, .buffer = &key};
    mysql_stmt_bind_param(statement, &parameter);
    char buffers[COLUMNS][512];
    unsigned long lengths[COLUMNS];
    MYSQL_BIND columns[COLUMNS];
    memset(columns, 0, sizeof columns);
    for (int index = 0; index < COLUMNS; index++) {
        columns[index].buffer_type = MYSQL_TYPE_STRING;
        columns[index].buffer = buffers[index];
        columns[index].buffer_length = sizeof buffers[index];
        columns[index].length = &lengths[index];
    }
    mysql_stmt_bind_result(statement, columns);
    long count = 0;
    while (!ends) {
        key = 1 + rand_r(&seed) % ROWS;
        if (mysql_stmt_execute(statement) || mysql_stmt_store_result(statement) ||
            mysql_stmt_fetch(statement))
            fail(mysql_stmt_error(statement));
        mysql_stmt_free_result(statement);
        count++;
    }
    total += count;
    mysql_stmt_close(statement);
    mysql_close(connection);
}

static void *work(void *seed)
{
    if (strcmp(engine, "postgres") == 0)
        postgres((unsigned)(size_t)seed);
    else
        mariadb((unsigned)(size_t)seed);
    return NULL;
}

int main(int count, char **arguments)
{
    if (count != 7) fail("mariadb|postgres SOCKET USER DATABASE THREADS SECONDS");
    engine = arguments[1], address = arguments[2], user = arguments[3], database = arguments[4];
    int threads = atoi(arguments[5]), seconds = atoi(arguments[6]);
    pthread_t workers[64];
    if (threads < 1 || threads > 64) fail("1 to 64 threads");
    mysql_library_init(0, NULL, NULL);
    for (int index = 0; index < threads; index++)
        pthread_create(&workers[index], NULL, work, (void *)(size_t)(index + 1));
    sleep((unsigned)seconds);
    ends = 1;
    for (int index = 0; index < threads; index++) pthread_join(workers[index], NULL);
    printf("%ld\n", total / seconds);
    return 0;
}
