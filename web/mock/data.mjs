// Made-up creators for working on the page: everyday ones, and every odd one a real table brings.
const day = 86_400_000;
const now = Date.now();
const iso = (daysAgo) => new Date(now - daysAgo * day).toISOString();

export const niches = {
  fitness: ["Fitness", ["workout", "marathon training", "strength", "gym"]],
  dance: ["Dance", ["choreography", "samba", "dance cover", "studio"]],
  food: ["Food", ["recipes", "street food", "sourdough", "dinner"]],
  technology: ["Technology", ["phones", "laptops", "backend engineering", "review"]],
  beauty: ["Beauty", ["skincare", "makeup", "routine", "serum"]],
  travel: ["Travel", ["backpacking", "trains", "islands", "budget"]],
  gaming: ["Gaming", ["speedruns", "ranked", "indie games", "stream"]],
  finance: ["Finance", ["index funds", "budgeting", "taxes", "savings"]],
  home_diy: ["Home & DIY", ["woodwork", "renovation", "tools", "shelves"]],
  books: ["Books & Writing", ["novels", "reading list", "poetry", "review"]],
};
const people = [
  ["Ana Souza", "anadances", "dance", "BR", "pt"],
  ["Marcus Chen", "marcuslifts", "fitness", "US", "en"],
  ["Lena Hoffmann", "lenabackt", "food", "DE", "de"],
  ["Priya Raghunathan", "priyacodes", "technology", "IN", "en"],
  ["Chloé Marchand", "chloe.marchand", "beauty", "FR", "fr"],
  ["Tomás Aguirre", "tomasviaja", "travel", "MX", "es"],
  ["Jasper de Vries", "jasperplays", "gaming", "NL", "nl"],
  ["Aiko Tanaka", "aikoreads", "books", "JP", "ja"],
  ["Samuel Okafor", "samsaves", "finance", "NG", "en"],
  ["Ingrid Solberg", "ingridbygger", "home_diy", "NO", "no"],
  ["Bruna Lima", "brunatreina", "fitness", "BR", "pt"],
  ["Dewi Lestari", "dewimasak", "food", "ID", "id"],
  ["Noah Williams", "noahunboxed", "technology", "GB", "en"],
  ["Giulia Romano", "giuliainviaggio", "travel", "IT", "it"],
  ["Kofi Mensah", "kofimoves", "dance", "GH", "en"],
  ["Yuna Park", "yunaglow", "beauty", "KR", "ko"],
];
const odd = [
  { name: "محمد العتيبي", handle: "m.alotaibi", niche: "technology", country: "SA", language: "ar", followers: 640_000, bio: "أراجع الهواتف والحواسيب بصدق 📱 تقنية كل أسبوع. English reviews on YouTube." },
  { name: "נועה לוי", handle: "noalevi", niche: "food", country: "IL", language: "he", followers: 48_200, bio: "מתכונים פשוטים לימי חול 🥖 recipes for busy people" },
  { name: "✨🌙 Luna ☾ 🌙✨", handle: "luna.makes.magic", niche: "beauty", country: "US", language: "en", followers: 1_250_000, bio: "✨ skincare ✨ makeup ✨ 🧴💄🪞 dm for collabs 💌 LA 🌴" },
  { name: "The Extraordinarily Long-Winded Channel of Professor Bartholomew Featherstonehaugh-Cholmondeley III and Friends (Official)", handle: "professorbartholomewfeatherstonehaughofficialchannel", niche: "books", country: "GB", language: "en", followers: 91_300, bio: "Reading long novels aloud, slowly. Supercalifragilisticexpialidociousandalsoantidisestablishmentarianism." },
  { name: null, handle: "user84920174", niche: null, country: null, language: null, followers: null, bio: null, bare: true },
  { name: "Zero Followers", handle: "justarrived", niche: "gaming", country: "SE", language: "sv", followers: 0, bio: "first stream soon" },
  { name: "PLANET FORCE", handle: "planetforce", niche: "fitness", country: "US", language: "en", followers: 402_318_774, bio: "Workout of the day, every day." },
  { name: "田中 美咲", handle: "misaki_trip", niche: "travel", country: "JP", language: "ja", followers: 2_340_000, bio: "日本の小さな島をめぐる旅 ✈️ trains and islands" },
  { name: "<script>alert(1)</script>", handle: "not_html", niche: "technology", country: "CA", language: "en", followers: 12_400, bio: "I write <b>bold</b> & \"quoted\" things about phones" },
  { name: "👩🏽‍🚀", handle: "emojionly", niche: "travel", country: "ZA", language: "en", followers: 999_950, bio: "🚀🌍🪐" },
  { name: "Ольга Смирнова", handle: "olga.reads", niche: "books", country: "RS", language: "ru", followers: 5_210, bio: "Романы, стихи и чай. novels and poetry" },
  { name: "आरव शर्मा", handle: "aarav.fit", niche: "fitness", country: "IN", language: "hi", followers: 318_000, bio: "हर सुबह gym 💪 strength for beginners" },
];
const firsts = "Mia Leo Zoe Omar Nina Hugo Sara Ravi Elif Jonas Carla Tariq Maya Felix Inês Pavel Amara Luis Hana Theo".split(" ");
const lasts = "Becker Costa Diaz Eriksen Fofanah Garcia Haddad Ito Jansen Kaya Laurent Moreau Novak Ortiz Petrov Quinn Rossi Silva Torres Yilmaz".split(" ");
const platforms = ["tiktok", "instagram", "youtube", "x", "twitch"];
const styles = ["educational", "entertainment", "lifestyle", "review"];
const hosts = { tiktok: "https://www.tiktok.com/@", instagram: "https://www.instagram.com/", youtube: "https://www.youtube.com/@", x: "https://x.com/", twitch: "https://www.twitch.tv/" };
const countries = ["BR", "US", "DE", "IN", "FR", "MX", "GB", "ES", "IT", "NL", "ID", "NG"];
const languages = { BR: "pt", US: "en", DE: "de", IN: "en", FR: "fr", MX: "es", GB: "en", ES: "es", IT: "it", NL: "nl", ID: "id", NG: "en" };

// A small generator with a seed: the same data at every start.
function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function band(followers) {
  if (followers === null) return null;
  return followers < 1e4 ? "nano" : followers < 1e5 ? "micro" : followers < 5e5 ? "mid" : followers < 1e6 ? "macro" : "mega";
}

function base(i) {
  if (i < people.length) {
    const [name, handle, niche, country, language] = people[i];
    return { name, handle, niche, country, language };
  }
  if (i < people.length + odd.length) return odd[i - people.length];
  const n = i - people.length - odd.length;
  const first = firsts[n % firsts.length];
  const last = lasts[(n * 7 + (n / firsts.length | 0)) % lasts.length];
  const niche = Object.keys(niches)[(n * 3) % 10];
  const country = countries[(n * 5) % countries.length];
  const plain = `${first}${last}`.normalize("NFKD").replace(/[^A-Za-z]/g, "").toLowerCase();
  return { name: `${first} ${last}`, handle: plain + (n > 400 ? n : ""), niche, country, language: languages[country] };
}

function makeGrowth(random, account, followers, jump) {
  let value = followers;
  const points = [];
  for (let i = 0; i < 26; i++) {
    points.unshift([iso(i * 3.5), Math.round(value)]);
    value /= 1 + 0.004 + random() * 0.006 + (jump && i === 9 ? 0.16 : 0);
  }
  return { account: account.id, platform: account.platform, metric: "followers", points };
}

function makeContent(random, account, words, posted) {
  return Array.from({ length: 3 + Math.floor(random() * 9) }, (_, i) => {
    const word = words[Math.floor(random() * words.length)];
    const views = Math.round((account.followers ?? 0) * (0.05 + random() * 0.5));
    return {
      id: `ct_${account.id}_${i}`,
      account: account.id,
      platform: account.platform,
      type: account.platform === "youtube" ? "video" : account.platform === "tiktok" ? "short" : "post",
      title: [`My honest take on ${word}`, `${word}: what I wish I knew earlier`, `Day ${i + 1} of ${word} 🔥`, `A week of ${word} in ninety seconds, with everything that went wrong`][Math.floor(random() * 4)],
      description: null,
      url: hosts[account.platform] ? `${hosts[account.platform]}${account.handle}/${i}` : null,
      published_at: iso(posted + i * 4 + random()),
      views: random() < 0.1 ? null : views,
      likes: Math.round(views * 0.06),
      comments: Math.round(views * 0.004),
    };
  });
}

const definitions = [
  ["views_per_follower", "sum(views) / sum(followers) over accounts", "the newest 20 posts of each account, at least 3", "followers", "views a follower and post"],
  ["posts_per_week", "posts * 7 / 90 days", "90 days before the creator was last looked at", "weeks", "posts a week"],
  ["growth_trend", "growth of the last 30 days less growth of the 60 days before, each in 30 days", "about 90 days", "followers at the beginning of each part", "fraction in 30 days"],
  ["emerging", "speed * steady * small * clean", "90 days up to the newest count, at least 14", "", "0 to 1"],
  ["credibility", "sum(weight * part) + (1 - sum(weight)) / 2 over what is known", "as its parts", "", "0 to 1"],
].map(([name, formula, window, denominator, unit]) => ({ name, formula, window, denominator, unit, version: 1 }));
const riskNames = ["gambling", "alcohol", "crypto_schemes"];

// What the server derives from a creator's texts and figures.
function derived(random, i, from, words, followers, posted) {
  const sure = 0.55 + (i % 40) / 100;
  const phrases = (field, ...all) => all.map((phrase) => ({ field, phrase }));
  const judgements = [];
  if (from.niche) judgements.push({ subject: "niche", value: from.niche, confidence: sure, evidence: [...phrases("bio", words[0], words[1]), ...phrases("content", words[2])] });
  const other = Object.keys(niches)[(i + 3) % 10];
  if (from.niche && i % 3 === 0 && other !== from.niche) judgements.push({ subject: "secondary_niche", value: other, confidence: 0.41, evidence: phrases("content", niches[other][1][0]) });
  if (!from.bare) judgements.push({ subject: "style", value: styles[i % 4], confidence: 0.72, evidence: phrases("content", "honest take") });
  if (!from.bare && from.language) judgements.push({ subject: "language", value: from.language, confidence: 0.98, evidence: [] });
  const risk = i % 11 === 5 ? riskNames[i % 3] : null;
  if (risk) judgements.push({ subject: "risk", value: risk, confidence: 0.64, evidence: phrases("content", "bonus code, sign up now") });
  const parts = [
    ["engagement", 0.9, 0.3, "engagement 3.10 %, usual 1.20 to 6 % at this size"],
    ["following", 0.8, 0.15, "12 followers for each account followed"],
    ["spikes", i % 4 === 0 ? 0.2 : 1, 0.2, i % 4 === 0 ? "1 sudden step in follower counts that views do not explain" : "no sudden step in 88 days of follower counts"],
  ].slice(0, 1 + (i % 3)).map(([name, value, weight, said]) => ({ name, value, weight, words: said }));
  const low = parts.reduce((sum, one) => sum + one.value * one.weight, 0);
  const high = low + 1 - parts.reduce((sum, one) => sum + one.weight, 0);
  const quality_parts = [["engagement", random(), 0.5], ["last_post", random(), 0.3], ["followers", random(), 0.2]].map(([name, value, weight]) => ({ name, value, weight }));
  return {
    judgements, judged_by: from.bare ? "" : "words 12", risks: risk ? [risk] : [],
    emerging: from.bare ? null : Math.round(random() * 100) / 100,
    views_per_follower: from.bare || !followers ? null : Math.round((0.05 + random() * 0.5) * 1000) / 1000,
    posts_per_week: posted === null ? null : Math.round(random() * 60) / 10,
    growth_trend: from.bare ? null : Math.round((random() * 0.06 - 0.03) * 1e4) / 1e4,
    credibility: from.bare ? null : { value: (low + high) / 2, low, high },
    credibility_parts: from.bare ? [] : parts,
    quality: quality_parts.reduce((sum, one) => sum + one.value * one.weight, 0), quality_parts, definitions,
  };
}

function makeCreator(i) {
  const random = dice(i * 7919 + 17);
  for (let k = 0; k < 5; k++) random();
  const from = base(i);
  const [label, words] = from.niche ? niches[from.niche] : [null, ["things"]];
  const followers = from.followers !== undefined ? from.followers : Math.round(10 ** (2.6 + random() * 4));
  const count = from.bare ? 1 : 1 + Math.floor(random() * 3);
  const start = Math.floor(random() * platforms.length);
  const posted = from.bare ? null : [0.4, 2, 5, 12, 26, 70, 200][Math.floor(random() * 7)];
  const bio = from.bio !== undefined ? from.bio : `${words[0]} and ${words[1]} ${["every week", "for beginners", "with a smile", "from my kitchen table"][i % 4]}. ${words[2]} lover.`;
  const rate = from.bare || followers === 0 ? null : Math.round((0.004 + random() * 0.11) * 1e4) / 1e4;
  const accounts = Array.from({ length: count }, (_, k) => {
    const platform = from.bare ? "other" : platforms[(start + k) % platforms.length];
    const share = followers === null ? null : Math.round(followers * (k === 0 ? 1 - 0.25 * (count - 1) : 0.25));
    const fetched = iso(1 + k * 3 + random() * 4);
    const expires = random() < 0.4 ? iso(-25 - random() * 40) : null;
    const source = k === 1 ? "api:youtube" : `file:${platform}_creators_sample.csv`;
    return {
      id: `ac_${i}_${k}`, platform, handle: from.handle, url: from.bare ? "javascript:alert(1)" : hosts[platform] + from.handle,
      followers: share, engagement_rate: rate, fetched_at: fetched, expires_at: expires, source,
      name: from.name, bio: k === 0 ? bio : null, website: random() < 0.3 ? `https://${from.handle.replace(/[^a-z]/g, "")}.example/shop` : null,
      links: random() < 0.3 ? ["https://linktree.example/" + from.handle] : [], following: from.bare ? null : Math.round(random() * 1500),
      content_count: from.bare ? null : Math.round(random() * 900), total_views: platform === "youtube" && share ? share * 90 : null,
      average_views: share && !from.bare ? Math.round(share * 0.3) : null, average_likes: share && !from.bare ? Math.round(share * 0.02) : null,
      average_comments: null, price_usd: random() < 0.4 && share ? Math.round(share / 400) * 5 : null, verified: (share ?? 0) > 5e5,
      created_at: from.bare ? null : iso(900 + random() * 2000), city: null, country: from.country, language: from.language,
      categories: platform === "youtube" && label ? [label, "Howto & Style"] : [],
      origins: [{ source, fetched_at: fetched, expires_at: expires, basis: "legitimate interest", licence: "CC0-1.0", fields: ["name", "bio", "followers", "engagement_rate"] }],
    };
  });
  const content = from.bare ? [] : accounts.flatMap((one) => makeContent(random, one, words, posted));
  return {
    id: `cr_${(i * 2654435761 >>> 0).toString(16).padStart(8, "0")}`,
    name: from.name, handle: from.handle, image_url: null, primary_niche: from.niche,
    secondary_niches: from.niche && i % 3 === 0 ? [Object.keys(niches)[(i + 3) % 10]].filter((one) => one !== from.niche) : [],
    niche_label: label, country: from.country, language: from.language, style: from.bare ? null : styles[i % 4],
    summary: from.bare ? null : `${label} creator who speaks of ${words[0]}, ${words[1]} and ${words[3]}.`,
    followers, follower_band: band(followers), engagement_rate: rate,
    growth_rate_30d: from.bare ? null : Math.round((random() * 0.08 - 0.015) * 1e4) / 1e4,
    price_usd: accounts.map((one) => one.price_usd).find((one) => one !== null) ?? null,
    activity: posted === null ? "unknown" : posted <= 7 ? "active" : posted <= 30 ? "semi_active" : "dormant",
    last_post_at: posted === null ? null : iso(posted), verified: (followers ?? 0) > 5e5,
    accounts, ...derived(random, i, from, words, followers, posted),
    content, growth: from.bare || !followers ? [] : accounts.map((one) => makeGrowth(random, one, one.followers, i % 4 === 0)),
    spikes: from.bare || !followers || i % 4 !== 0 ? [] : accounts.map((one) => ({ account: one.id, metric: "followers", at: iso(9 * 3.5), change: 0.16, score: 14.2 })),
    links: [], expires_at: accounts.map((one) => one.expires_at).filter(Boolean).sort()[0] ?? null,
    bio,
  };
}

export function makeCreators(count) {
  return Array.from({ length: count }, (_, i) => makeCreator(i));
}
