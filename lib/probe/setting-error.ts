/** A setting of the provider makes the probe impossible. No request was sent. The message is safe to show. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}
