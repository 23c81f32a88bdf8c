"""The same short story in many languages, for tests of whatever handles words."""
# ruff: noqa: RUF001 - letters and signs of other languages are meant

from __future__ import annotations

# With what its language does to sentences: quotations, abbreviations, ordinal numbers, signs of its own.
STORIES: dict[str, tuple[str, ...]] = {
    "en": (
        "Dr. Maren Holt had kept the lighthouse for 41 years, 3 months and 9 days.",
        "“Switched off?” she said to the cat.",
        "“By whom? It isn’t a radio.”",
        "Mr. Pell, who came from the U.S. in 1999, looked at the sea.",
    ),
    "de": (
        "Dr. Müller wohnte z. B. am 3. Mai noch über der Brücke.",
        "Er sagte: „Komm! Es wird spät.“",
        "Das kostete ca. 5,50 Euro.",
        "Dann schloss der alte Leuchtturmwärter die Tür.",
    ),
    "fr": (
        "M. Dupont rentra chez lui vers 18 h 30.",
        "« Où vas-tu ? » demanda-t-elle.",
        "Il n’a rien répondu, car la nuit était déjà tombée.",
        "C’était l’été !",
    ),
    "es": (
        "¿Dónde está el niño?",
        "¡Qué día tan pequeño!",
        "El Sr. López volvió a su casa por la mañana.",
        "El viejo guardián del faro no dijo nada.",
    ),
    "it": (
        "Il Sig. Rossi è tornato a casa tardi.",
        "«Dove sei stato?» chiese la moglie.",
        "Perché non parlava più, lei chiuse la finestra.",
    ),
    "pt": (
        "O Sr. Silva não voltou para a sua casa.",
        "As crianças já estavam na praia.",
        "Por que é tão tarde?",
    ),
    "pl": (
        "Prof. Nowak wrócił późną nocą do domu, np. przez most.",
        "„Gdzie jesteś?” – zapytała żona.",
        "Światło świeciło się jeszcze długo.",
    ),
    "ru": (
        "А. С. Пушкин родился в 1799 г. в Москве.",
        "«Где ты был?» — спросила жена.",
        "Он долго молчал и смотрел на море.",
    ),
    "zh": ("老灯塔看守人深夜回到了家里。", "“你去哪儿了？”", "他沉默了很久，望着大海！"),
    "ja": (
        "年老いた灯台守は夜遅くに家に帰りました。",
        "「どこへ行っていたの？」",
        "彼は長い間黙って海を見ていた。",
    ),
    "ko": (
        "늙은 등대지기가 밤늦게 집으로 돌아왔다.",
        "“어디 갔다 왔어요?”",
        "그는 오랫동안 말없이 바다를 바라보았다.",
    ),
    "hi": ("बूढ़ा रखवाला रात को घर लौटा।", "उसकी पत्नी ने पूछा, कहाँ थे?", "वह देर तक समुद्र को देखता रहा।"),
    "ar": ("عاد حارس المنارة العجوز إلى بيته.", "سألته زوجته: أين كنت؟", "لم يقل شيئا ونظر إلى البحر."),
}


def story(language: str) -> str:
    """The story in one of these languages, as one paragraph."""
    return ("" if language in ("zh", "ja") else " ").join(STORIES[language])
