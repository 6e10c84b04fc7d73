/** What the local monitor is started with. */

export interface LocalSettings {
  /** Path of a providers.json; null: simulated providers. */
  configFile: string | null;
  /** 0 to 65535; 0: any free one. */
  port: number;
  host: string;
  /** Whole seconds between two ticks; null: 60 with a configuration, 5 with simulated providers. */
  tickSeconds: number | null;
  /** Null: an embedded table, gone with the process. */
  dynamodbEndpoint: string | null;
  tableName: string;
}
