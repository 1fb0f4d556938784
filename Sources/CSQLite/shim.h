#include <sqlite3.h>

// Swift can't call functions of a variable number of arguments.
static inline int stead_sqlite_refuse_quoted_text(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, (int *)0);
}
