internal import CMariaDB
internal import SQL

extension SQLError {
    init(_ connection: UnsafeMutablePointer<MYSQL>) {
        self.init(
            code: Int(mysql_errno(connection)), message: String(cString: mysql_error(connection)))
    }

    init(_ statement: UnsafeMutablePointer<MYSQL_STMT>) {
        self.init(
            code: Int(mysql_stmt_errno(statement)),
            message: String(cString: mysql_stmt_error(statement)))
    }

    private init(code: Int, message: String) {
        // Of all values that a column can't take, text is told apart by the message alone.
        let isText = code == 1366 && message.hasPrefix("Incorrect string value")
        self.init(isText ? .characters : Self.reason(code), message)
    }

    /// The reason behind an error number. Source: mariadb.com/kb/en/mariadb-error-code-reference.
    private static func reason(_ code: Int) -> Reason {
        switch code {
        case 1062, 1169, 1586: .unique
        case 1216, 1217, 1451, 1452: .foreignKey
        case 1048, 1364: .notNull
        case 3819, 4025: .check
        case 1644: .raised
        case 1264, 1406, 1690: .tooLong
        case 1267, 1270, 1271, 1300, 1977: .characters
        // Of one value, of JSON, and of types that an operator doesn't know.
        case 1139, 1265, 1292, 1365, 1366, 1367, 1411, 1416, 1441, 1906, 3140: .value
        case 4035...4040, 4078, 4079: .value
        case 1054, 1146, 1356: .undefined
        case 1412, 1615: .outdated
        case 1213: .deadlock
        case 1205, 3572: .busy
        case 1317, 1969, 3024: .timeout
        case 1290, 1792, 1836: .readOnly
        case 1021, 1114, 3675: .full
        case 1034, 1035, 126, 127, 144, 145: .corrupt
        case 1053, 1927, 2002, 2003, 2006, 2013, 2055: .connectionLost
        default: .other
        }
    }
}
