export function PictureMark() {
  return (
    <svg class="picture-mark" viewBox="0 0 20 20" aria-hidden="true">
      <rect x="2.75" y="3.75" width="14.5" height="12.5" rx="2" fill="none" stroke="currentColor" stroke-width="1.5" />
      <circle cx="7" cy="8" r="1.5" fill="none" stroke="currentColor" stroke-width="1.3" />
      <path d="m3.5 14.5 4-3.5 2.6 2.2 3.4-3.7 3.4 3.5" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" />
    </svg>
  );
}
