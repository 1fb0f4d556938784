extension Scratch {
    /// Writes an app that people without a sign-in may list and add notes of.
    ///
    /// - Parameters:
    ///   - folder: a tree's `desired`, in this folder.
    ///   - field: one more of a note, as a line of YAML; nothing for none.
    /// - Throws: what the file system says.
    package func writeNotes(to folder: String, field: String) throws {
        try write(
            "\(folder)/apps/notes/app.yaml",
            "kind: App\nhosts: []\nbasePath: /api\ndatabase: {engine: sqlite, path: notes.db}\n"
                + "auth: {table: users, login: email, password: password_hash}\n")
        try write(
            "\(folder)/apps/notes/schema.yaml",
            """
            kind: Schema
            tables:
              users:
                fields:
                  id: {type: int, primary: true, auto: true}
                  email: {type: string, max: 190, required: true, unique: true}
                  password_hash: {type: string, max: 100}
                filter: owner
              notes:
                fields:
                  id: {type: int, primary: true, auto: true}
                  text: {type: string, max: 100, required: true}
                  \(field)
                public: [list, create]
            """)
    }
}
