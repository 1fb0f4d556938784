/// Letters beyond ASCII in letters of ASCII, for names in programs.
///
/// German's umlauts are written as German does, and other letters without their marks; Greek and
/// Cyrillic letter by letter. Other scripts have nothing here.
enum Transliteration {
    /// The letters for one; nil where there are none.
    static func letters(for character: Character) -> String? {
        if let found = table[character] { return found }
        let small = Character(character.lowercased().first.map(String.init) ?? "")
        guard small != character, let found = table[small] else { return nil }
        return found.prefix(1).uppercased() + found.dropFirst()
    }

    /// By small letter. Two ways to write one character, in one code point or in two, are equal.
    private static let table: [Character: String] = {
        var table: [Character: String] = [
            "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe", "å": "aa",
            "þ": "th", "ð": "d", "đ": "d", "ħ": "h", "ı": "i", "ĳ": "ij", "ĸ": "k", "ł": "l",
            "ŀ": "l", "ŉ": "n", "ŋ": "ng", "ŧ": "t", "ſ": "s", "ẞ": "SS",
        ]
        for (letters, plain) in marked {
            for letter in letters { table[letter] = plain }
        }
        for (letter, plain) in zip(greek.0, greek.1) { table[letter] = plain }
        for (letter, plain) in zip(cyrillic.0, cyrillic.1) { table[letter] = plain }
        return table
    }()

    private static let marked = [
        ("àáâãāăąǎ", "a"), ("çćĉċč", "c"), ("ď", "d"), ("èéêëēĕėęě", "e"), ("ĝğġģǧ", "g"),
        ("ĥ", "h"), ("ìíîïĩīĭįǐ", "i"), ("ĵ", "j"), ("ķ", "k"), ("ĺļľ", "l"), ("ñńņň", "n"),
        ("òóôõōŏőǒ", "o"), ("ŕŗř", "r"), ("śŝşšș", "s"), ("ţťț", "t"), ("ùúûũūŭůűųǔ", "u"),
        ("ŵ", "w"), ("ýÿŷ", "y"), ("źżž", "z"), ("άὰ", "a"), ("έ", "e"), ("ήί", "i"), ("ό", "o"),
        ("ύ", "y"), ("ώ", "o"), ("ς", "s"), ("ё", "yo"), ("й", "y"), ("ї", "yi"), ("є", "ye"),
        ("і", "i"), ("ґ", "g"),
    ]

    private static let greek = (
        "αβγδεζηθικλμνξοπρστυφχψω",
        [
            "a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r",
            "s", "t", "y", "f", "ch", "ps", "o",
        ]
    )

    private static let cyrillic = (
        "абвгдежзиклмнопрстуфхцчшщъыьэюя",
        [
            "a", "b", "v", "g", "d", "e", "zh", "z", "i", "k", "l", "m", "n", "o", "p", "r", "s",
            "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya",
        ]
    )
}
