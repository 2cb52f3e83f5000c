const words = "Verified by the platform";

export function VerifiedMark() {
  return (
    <svg class="verified-mark" viewBox="0 0 16 16" role="img" aria-label={words}>
      <title>{words}</title>
      <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5" />
      <path d="m5.2 8.2 1.9 1.9 3.7-4" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
