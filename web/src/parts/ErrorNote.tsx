// What happened, what to do, and the id to quote when asking for help.
interface Props {
  title: string;
  detail?: string;
  hint?: string | undefined;
  requestId?: string;
  action?: string;
  onAction: () => void;
}

export function ErrorNote({ title, detail, hint, requestId, action = "Try again", onAction }: Props) {
  return (
    <div class="note error" role="alert">
      <h2>{title}</h2>
      {detail && <p>{detail}</p>}
      {hint && <p>{hint}</p>}
      <p class="note-actions">
        <button type="button" class="button" onClick={onAction}>
          {action}
        </button>
        {requestId && (
          <span class="muted">
            Request <code>{requestId}</code>
          </span>
        )}
      </p>
    </div>
  );
}
