import Resources

extension File {
    static let summary = "A regular file on a server: its content, owner and mode."

    static let example = """
        kind: File
        name: motd
        server: web-1
        path: /etc/motd
        content: |                   # or template: NAME with variables
          Welcome.
        owner: root
        group: root
        mode: "0644"
        after: [systemctl, reload, ssh]   # run after each change

        """

    static let fields = FieldTable<FileSpec>(
        from: { FileSpec() },
        [
            Field(
                "server", \.server, .reference(to: "Server"), isRequired: true,
                "The server that the file lies on.", example: "web-1"),
            Field(
                "path", \.path, .path, isRequired: true,
                "Where the file lies; missing parent folders are made.", example: "/etc/motd"),
            Field(
                "content", \.content, .text,
                "The content itself; either this or `template` is given.", example: "Welcome."),
            Field(
                "template", \.template, .string,
                "The template in the folder `files` of `templates/`, without its ending.",
                example: "motd"),
            Field(
                "variables", \.variables, .map(of: .scalar), defaultText: "{}",
                "Values that the template prints, as `{{NAME}}` or `{{variables.NAME}}`.",
                example: "{team: platform}"),
            Field(
                "owner", \.owner, .account("user"), defaultText: "root",
                "The user who owns the file, by name or number.", example: "www-data"),
            Field(
                "group", \.group, .account("group"), defaultText: "root",
                "The group of the file, by name or number.", example: "www-data"),
            Field(
                "mode", \.mode, .mode, defaultText: "\"0644\"",
                "The permission bits in octal.", example: "\"0640\""),
            Field(
                "sensitive", \.isSensitive, .boolean, defaultText: "false",
                "Keeps the content out of plans and logs; a mode that gives nothing to group and "
                    + "others does so too.",
                example: "true"),
            Field(
                "after", \.after, .list(of: .string), defaultText: "[]",
                "A command, as words, that runs after each change of the file, its removal "
                    + "included.",
                example: "[systemctl, reload, ssh]"),
        ])
}
