import Resources

/// The revision of a plain folder, which has no commit to name it.
enum FolderRevision {
    /// `folder:` and a digest of every file's name and contents.
    static func revision(of files: [SourceText]) -> Revision {
        let lines = files.map { file in
            "\(Digest(of: file.bytes)) \(file.file)\n"
        }
        return Revision(id: "folder:\(Digest(of: lines.joined()))")
    }
}
