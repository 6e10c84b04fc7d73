/** What the local monitor is started with. */

export interface LocalSettings {
  /** Path of a providers.json; null: simulated providers. */
  configFile: string | null;
  /** 0 to 65535; 0: any free one. */
  port: number;
  host: string;
  /** Whole seconds between two ticks; null: 60 with a configuration, 5 with simulated providers. */
  tickSeconds: number | null;
  /** Null: an embedded table. */
  dynamodbEndpoint: string | null;
  /** Folder that keeps the embedded table; null: it is gone with the process. */
  dataFolder: string | null;
  /** Days that checks are kept; null: 7. */
  retentionDays: number | null;
  tableName: string;
}

/** Of a start without options. */
export const LOCAL_DEFAULTS: LocalSettings = {
  configFile: null,
  port: 3000,
  host: '127.0.0.1',
  tickSeconds: null,
  dynamodbEndpoint: null,
  dataFolder: null,
  retentionDays: null,
  tableName: 'provider-health',
};
