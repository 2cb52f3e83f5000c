#include "figures/definitions.h"

#include <array>

namespace cdx::figures {
namespace {

constexpr std::array<Definition, 9> table = {{
    {"engagement_rate",
     "sum(followers * rate) / sum(followers) over accounts; rate as the source states it, else (likes + "
     "comments + "
     "shares) / followers a post, at most 1",
     "the source's own, else the newest 20 posts of each account, at least 3", "followers", "fraction", 1},
    {"views_per_follower",
     "sum(views) / sum(followers) over accounts; views: median of the newest posts, else the source's "
     "average",
     "the newest 20 posts of each account, at least 3", "followers", "views a follower and post", 1},
    {"posts_per_week",
     "posts * 7 / 90 days where an older post is known, else posts * (1 - 1 / number) * 7 / max(days since "
     "the "
     "oldest, 7); a day counts for at most 3 times the median day with posts",
     "90 days before the creator was last looked at, newest 20 posts as kept", "weeks", "posts a week", 1},
    {"growth_rate_30d",
     "sum(first * (last / first)^(30 / days)) / sum(first) - 1 over accounts with two follower counts of one "
     "definition",
     "14 to 45 days up to the newest count, which is at most 45 days old", "followers at the beginning",
     "fraction in 30 days", 2},
    {"growth_trend", "growth of the last 30 days less growth of the 60 days before, each in 30 days",
     "about 90 days up to the newest count, which is at most 45 days old",
     "followers at the beginning of each part", "fraction in 30 days", 1},
    {"emerging",
     "speed * steady * small * clean; speed = g / (g + 0.05) with g the growth in 30 days without bought "
     "steps; "
     "steady = (weeks with a third of the mean rise + 1) / (weeks + 2); small = 0 at 100 followers, 1 from "
     "1,000 to "
     "250,000, 0 from 1,000,000; clean = 1 / 2^(sudden gains)",
     "90 days up to the newest count, at least 14", "", "0 to 1", 1},
    {"spikes",
     "gain or loss of at most 4.5 days (or 1 to 2 sparse counts) beyond the usual, at least 5 % and 50 "
     "followers and "
     "10 robust deviations, that neither goes on, is taken back, nor comes with 1.5 times the usual views",
     "60 days to both sides", "followers before", "fraction", 1},
    {"credibility",
     "sum(weight * part) + (1 - sum(weight)) / 2 over what is known; band: 0 and 1 for the unknown",
     "as its parts", "", "0 to 1", 1},
    {"quality",
     "0.4 e / (e + 0.03) + 0.25 * 2^(-days since post / 30) + 0.2 log10(followers / 100) / 5 + 0.15 (growth "
     "/ 0.2 + "
     "0.5) + 0.15 credibility, the weight of the unknown shared by the others",
     "as its parts", "", "0 to 1", 2},
}};

}  // namespace

std::span<const Definition> definitions() { return table; }

}  // namespace cdx::figures
