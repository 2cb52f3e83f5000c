// What a creator's own posts disclose about its work with brands.
import type { Collaboration, Creator } from "../../api/types.ts";
import { percent } from "../../text/number.ts";
import { onDay } from "../../text/time.ts";

const kinds: Record<Collaboration["kind"], string> = { paid: "paid", affiliate: "affiliate links or codes", gifted: "gifts" };

function when({ first, last }: Collaboration): string {
  const [from, to] = [onDay(first), onDay(last)];
  if (!to) return "no date";
  return from && from !== to ? `${from} to ${to}` : to;
}

function One({ one }: { one: Collaboration }) {
  return (
    <li class="judgement" data-brand={one.brand ?? ""}>
      <p>
        <b>
          <bdi>{one.name ?? "Nobody named"}</bdi>
        </b>{" "}
        <span class="muted">
          {kinds[one.kind]}, {one.posts} {one.posts === 1 ? "post" : "posts"}, {when(one)}, <span class="num">{percent(one.confidence)} sure</span>
        </span>
      </p>
      <p class="evidence">
        {one.evidence.map((each, i) => (
          <bdi key={i} class="phrase">
            {each.phrase}
          </bdi>
        ))}
      </p>
    </li>
  );
}

export function Brands({ creator }: { creator: Creator }) {
  const all = creator.collaborations ?? [];
  const share = creator.sponsored_share ?? null;
  if (share === null) return <p class="muted">No posts are known that could disclose work with brands.</p>;
  return (
    <>
      <p>
        <span class="num">{percent(share)}</span> of the newest posts say that they were paid for.
      </p>
      {all.length > 0 && (
        <ul class="brands">
          {all.map((one) => (
            <One key={one.brand ?? ""} one={one} />
          ))}
        </ul>
      )}
      <p class="muted small">Only what the posts themselves disclose; what they do not say is not known.</p>
    </>
  );
}
