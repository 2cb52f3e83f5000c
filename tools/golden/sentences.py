"""The 220 texts of the golden set, all written for this project; deterministic, so that they never drift."""
import random

PLAIN = [
    "Fitness influencer with 50K+ followers",
    "Vegan recipes, meal prep and honest kitchen reviews.",
    "I travel the world with one backpack and a broken camera.",
    "Backend engineering: databases, queues and the occasional outage story.",
    "Makeup artist from Lisbon. Bridal, editorial, everyday.",
    "Daily chess puzzles for beginners and club players",
    "Skateboarding since 1998; still falling.",
    "We restore old radios and explain how they work.",
    "The quick brown fox jumps over the lazy dog.",
    "Mum of three. Budget tips. No judgement.",
    "Budget gaming PCs, benchmarks at 1080p/1440p, and RTX rumours",
    "Personal finance without the shouting",
    "Street photography | Tokyo | 35mm film only",
    "Learn Spanish in ten minutes a day!",
    "Yoga teacher & breathwork coach -- new class every Monday, 7:30am",
    "An honest look at electric cars, charging and range in winter.",
    "Running my first marathon at 52.",
    "Dog training with rewards, never fear",
    "knitting patterns, crochet alongs, yarn reviews",
    "Science explained with cheap props",
    "Don't stop believin' -- it's what we're here for, y'all.",
    "state-of-the-art, well-being, e-mail, re-use",
    "ALL CAPS AND VERY LOUD ABOUT SNEAKERS",
    "camelCaseWords and snake_case_words and kebab-case-words",
    "antidisestablishmentarianism floccinaucinihilipilification",
]
NUMBERS = [
    "1,234,567 followers and 4.8% engagement",
    "$1.2k per post, 400.1M views, 29.2K likes",
    "3.14159 2.71828 1e-9 0x7fff 1/2 50%",
    "+1 (555) 010-9999 ext. 12",
    "2026-11-21T08:30:00Z",
    "½ cup, ¾ tsp, 10² = 100, H₂O, x⁻¹",
    "Ⅷ ⅻ ① ⑳ ㊿ 𝟘𝟙𝟚 ٠١٢٣ ०१२३ 〇一二三",
    "v1.2.3-rc.4+build.5",
]
EMOJI = [
    "😀", "🔥🔥🔥", "I love pizza 🍕 and sushi 🍣!", "family 👨‍👩‍👧‍👦 vlogs", "🏳️‍🌈 pride all year",
    "👩🏽‍💻 coding in the dark",
    "🇧🇷 🇵🇹 dança e música", "✨ skincare ✨ self care ✨", "❤️ ❤ ♥️", "1️⃣ subscribe 2️⃣ like 3️⃣ share", "🧑‍🚀🪐",
    "☕️+📚=😊",
    "no👏space👏between", "¯\\_(ツ)_/¯ (╯°□°)╯︵ ┻━┻", "🫠🫡🫶🪿🩷 newer faces",
]
LATIN = [
    "Café, naïve, façade, jalapeño, coöperate, Zürich", "Crème brûlée à la carte", "Straße, Größe, ẞ and ß",
    "Łódź, Kraków, Gdańsk, żółć",
    "İstanbul'da yaşayan bir gezgin, ığdır", "Þór and Ægir, smørrebrød, ångström",
    "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "Tiếng Việt có nhiều dấu thanh: ngã, hỏi, nặng",
    "e\u0301 combining, a\u030a ring, o\u0308 umlaut, n\u0303",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘ text", "ﬁne ﬂow oﬃce ligatures",
    "ＦＵＬＬ ｗｉｄｔｈ ｔｅｘｔ！",
    "𝓯𝓪𝓷𝓬𝔂 𝕓𝕚𝕠 𝖋𝖔𝖓𝖙𝖘 🅰🅱 ⓐⓑⓒ", "ǅ ǈ ǋ ǲ titlecase digraphs", "Naïve café “quotes” ‘single’ «guillemets» „low“",
    "em—dash en–dash minus−sign hyphen‐here non‑breaking", "Ça va? ¿Qué tal? ¡Hola!",
    "œuvre, cœur, Œdipe, æther", "ĲSSELMEER ijsvrij ŉ",
    "Ω Ω K K Å Å (ohm, kelvin, angstrom signs)",
]
SCRIPTS = [
    "مرحبا، أنا صانعة محتوى من القاهرة", "تعلم البرمجة بالعربية خطوة بخطوة", "وصفات سريعة ولذيذة كل يوم 🍲",
    "السَّلامُ عَلَيْكُمْ", "شركة ۱۲۳ فارسی: گچپژ",
    "شیف ایرانی، غذاهای خانگی", "אני יוצרת תוכן מתל אביב", "שָׁלוֹם עוֹלָם", "מתכונים טבעוניים, קלים וטעימים",
    "בוקר טוב! ☀️",
    "我是来自上海的美食博主", "每天分享健身和跑步", "台灣旅遊攝影", "日本の料理とラーメン巡り", "カメラと旅が好きです", "がぎぐげご パピプペポ ヴ", "ﾊﾝｶｸ ｶﾀｶﾅ",
    "서울에서 브이로그 찍어요", "한국어 공부 같이 해요!", "가각간 갇갈 (jamo 한)", "𠀀𠮷野家 rare ideographs 㐀 㒨",
    "豈更車 compatibility ideographs",
    "สวัสดีครับ ผมเป็นนักเดินทาง", "รีวิวอาหารข้างทางในกรุงเทพ", "ທ່ອງທ່ຽວລາວ", "នំបញ្ចុក ភ្នំពេញ",
    "မြန်မာ အစားအစာ",
    "मैं दिल्ली से हूँ और खाना बनाती हूँ", "क्रिकेट की खबरें और विश्लेषण", "বাংলা রান্না ও ভ্রমণ",
    "தமிழ் சமையல் குறிப்புகள்", "తెలుగు వంటలు", "ಕನ್ನಡ ಹಾಡುಗಳು",
    "മലയാളം യാത്ര", "ਪੰਜਾਬੀ ਸੰਗੀਤ", "ગુજરાતી નાસ્તો", "සිංහල ගීත", "Привет! Я снимаю влоги о Москве.",
    "Ёлка, йогурт, Ґанок, їжак, ўсё",
    "Καλημέρα από την Αθήνα, ΟΔΥΣΣΕΥΣ σοφός", "Ἐν ἀρχῇ ἦν ὁ λόγος", "Բարեւ Ձեզ, Երեւան",
    "გამარჯობა თბილისი ᲗᲑᲘᲚᲘᲡᲘ", "ሰላም ከአዲስ አበባ", "ᏣᎳᎩ ꭰꭱ Cherokee",
    "ᚠᚢᚦᚨᚱᚲ runes, 𐌰𐌱 gothic, 𓀀𓂀 glyphs", "བོད་སྐད་ བཀྲ་ཤིས་", "ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ", "Đà Nẵng ẩm thực đường phố",
    "mixed: hello мир 世界 עולם عالم 🌍",
]
EMPTY = ["", " ", "   \t \n ", "\u00a0\u2003\u3000", "\u200b\u200d\ufeff", "\n\n\n", "."]
CONTROL = [
    "nul\x00inside the\x00text", "\x00", "bell\x07 escape\x1b[31mred\x1b[0m",
    "tab\tnewline\nreturn\rvertical\x0bform\x0c", "del\x7f c1\x85next\x9fapc",
    "soft\u00adhyphen zero\u200bwidth joiner\u200dhere word\u2060joiner",
    "\u202eright to left override\u202c \u2066isolate\u2069", "line\u2028separator paragraph\u2029separator",
    "\ufffdreplacement\ufffd", "\ufffe\uffff noncharacters \ufdd0", "private \ue000\uf8ff use \U000f0000",
    "ogham\u1680space mongolian\u180evowel",
    "interlinear \ufff9a\ufffab\ufffb tags \U000e0041\U000e0042", "\x1c\x1d\x1e\x1f separators",
    "\ufeffbyte order mark first",
]
SPECIAL = [
    "[MASK]", "[CLS] [SEP]", "a[MASK]b", "The capital of France is [MASK].", "[PAD][PAD]", "[UNK] word",
    "[mask] lower case is no token", "[ MASK ] [MASK", "[[CLS]]",
    "[CLS]hello[SEP]world[SEP]", "##ing ##s # ## ###", "<s> </s> <unk> <|endoftext|>", "[unused1] [unused99]",
    "[MASK][MASK]café[SEP]ÉCOLE",
]
WEB = [
    "https://example.org/path?query=1&b=%20#frag", "Follow @some_creator and @other.creator99",
    "#fitness #MachineLearning #100daysofcode #дача #日本",
    "mail me: first.last+tag@example.com", "<b>bold</b> &amp; <script>alert(1)</script>",
    "C:\\Users\\me\\file.txt ~/notes $HOME `ls`", '{"json": ["yes", null, 1]}',
    "SELECT * FROM creators; DROP TABLE creators;--", "!!!???...,,,;;;:::'''\"\"\"",
    "@#$%^&*()_+{}|:\"<>?~`-=[]\\;',./", "•●○◆★☆→⇒✓✗™©®°±×÷", "┌─┐│└┘ █▓▒░",
    "price: €10 £9 ¥1000 ₹500 ₩5000 ₿0.01", "www.example.com/very/long/path/that/goes/on/and/on",
    "link in bio 👇👇👇 https://example.net/👀",
]
UNASSIGNED = [
    "unassigned \u0378 between", "a\u0379b", "\U0002fe00 \U000e0100 \U0003fffd", "x\u2fe0y \u05ff \u0bff",
    "\U0001fc00\U0001fc01 astral unassigned", "\u1c8a\u1c89 cyrillic added late",
    "\U00016d40\U00016d41 kirat rai, \U000105c0 todhri", "\ua7cb\ua7cc\ua7cd late latin",
]
LONG_WORDS = [
    "a" * 99, "a" * 100, "a" * 101, "supercalifragilistic" * 10 + " tail", "é" * 100, "é" * 101, "字" * 120,
    "x" * 5000, "-" * 300, "Ａ" * 150 + " b",
]


def words(generator, count, vocabulary):
    return " ".join(generator.choice(vocabulary) for _ in range(count))


def long_texts():
    generator = random.Random(20261121)
    vocabulary = sorted({word for text in PLAIN for word in text.split()})
    texts = [words(generator, count, vocabulary) for count in (150, 180, 200, 230, 260, 300, 400, 700)]
    texts.append((words(generator, 2500, vocabulary))[:10000])
    mixed = sorted({word for text in SCRIPTS + EMOJI + LATIN for word in text.split()})
    texts.append(words(generator, 3000, mixed)[:10000])
    texts.append("🔥" * 10000)
    texts.append("字" * 600)
    # The pieces of one word around the border of the first window.
    texts.append("one " * 252 + "unbelievableness " + "two " * 20)
    for count in (253, 254, 255, 256, 508, 509):
        texts.append(" ".join(["one"] * count))
    return texts


KINDS = {
    "plain": PLAIN, "numbers": NUMBERS, "emoji": EMOJI, "latin": LATIN, "scripts": SCRIPTS, "empty": EMPTY,
    "control": CONTROL, "special": SPECIAL, "web": WEB, "unassigned": UNASSIGNED, "long_words": LONG_WORDS,
    "long": long_texts(),
}


def all_sentences():
    """(kind, text) pairs; the last are mixtures of all kinds."""
    pairs = [(kind, text) for kind, texts in KINDS.items() for text in texts]
    generator = random.Random(7)
    short = [text for kind, text in pairs if kind != "long" and len(text) < 60]
    while len(pairs) < 220:
        between = generator.choice([" ", "", "\n"])
        pairs.append(("mixed", between.join(generator.choice(short) for _ in range(5))))
    return pairs
