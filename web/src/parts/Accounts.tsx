// The accounts of a creator with their figures, and how fresh those are.
import type { ComponentChildren } from "preact";
import type { FullAccount } from "../api/types.ts";
import { countryName, languageName, sourceName } from "../text/label.ts";
import { ago, atMinute, onDay } from "../text/time.ts";
import { Figure, Money, Rate } from "./Figure.tsx";
import { Handle, safeUrl } from "./Handle.tsx";

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function known(value: unknown): boolean {
  return value !== null && value !== undefined;
}

function Links({ account }: { account: FullAccount }) {
  const all = [account.website, ...(account.links ?? [])].map(safeUrl).filter((one) => one !== null);
  const links = [...new Set(all)].slice(0, 6);
  if (links.length === 0) return null;
  return (
    <p class="links">
      {links.map((one) => (
        <a key={one} href={one} target="_blank" rel="noopener noreferrer" title={one}>
          <bdi>{one.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, "")}</bdi>
        </a>
      ))}
    </p>
  );
}

function One({ account }: { account: FullAccount }) {
  const fresh = ago(account.fetched_at);
  const place = [account.city, account.country ? countryName(account.country) : null].filter(Boolean).join(", ");
  const facts: [string, ComponentChildren][] = [
    ["Followers", <Figure value={account.followers} unit="followers" />],
    ["Engagement", <Rate value={account.engagement_rate} unit="engagement" />],
  ];
  if (known(account.average_views)) facts.push(["Views a post", <Figure value={account.average_views} unit="views a post" />]);
  if (known(account.average_likes)) facts.push(["Likes a post", <Figure value={account.average_likes} unit="likes a post" />]);
  if (known(account.average_comments)) {
    facts.push(["Comments a post", <Figure value={account.average_comments} unit="comments a post" />]);
  }
  if (known(account.following)) facts.push(["Following", <Figure value={account.following} unit="followed" />]);
  if (known(account.content_count)) facts.push(["Posts", <Figure value={account.content_count} unit="posts" />]);
  if (known(account.total_views)) facts.push(["Views in all", <Figure value={account.total_views} unit="views" />]);
  if (known(account.price_usd)) facts.push(["Price", <Money value={account.price_usd} unit="price" />]);
  if (place) facts.push(["Place", <bdi>{place}</bdi>]);
  if (account.language) facts.push(["Language", languageName(account.language)]);
  if (account.created_at) facts.push(["Since", onDay(account.created_at)]);
  return (
    <li class="account">
      <div class="account-head">
        <Handle platform={account.platform} handle={account.handle} url={account.url} />
        {account.verified && <span class="verified">Verified</span>}
        <span class="muted fresh" title={[atMinute(account.fetched_at), account.source].filter(Boolean).join(", ")}>
          {[fresh ?? "date not known", sourceName(account.source)].join(", ")}
        </span>
      </div>
      {account.bio && (
        <p class="bio" dir="auto">
          {account.bio}
        </p>
      )}
      <Links account={account} />
      <dl class="facts">
        {facts.map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </dl>
      {account.categories && account.categories.length > 0 && (
        <p class="muted small">
          Named by the platform: <bdi>{account.categories.join(", ")}</bdi>
        </p>
      )}
    </li>
  );
}

export function Accounts({ accounts }: { accounts: FullAccount[] }) {
  if (accounts.length === 0) return <p class="muted">No account is known.</p>;
  return (
    <ul class="accounts">
      {accounts.map((one) => (
        <One key={one.id} account={one} />
      ))}
    </ul>
  );
}
