/** What the local monitor is started with. */

export interface LocalSettings {
  /** Whether providers and channels on private networks are allowed; this machine itself always is. */
  allowPrivateNetwork: boolean;
  /** Path of a providers.json; null: simulated providers. */
  configFile: string | null;
  /** 0 to 65535; 0: any free one. */
  port: number;
  /** Other than a loopback address only with a password. */
  host: string;
  /** Reference to the password of those who may read, check and change; null: this machine alone is served. */
  password: string | null;
  /** Reference to the password of those who may only read. Only beside `password`. */
  readPassword: string | null;
  /** Names that the port answers to beside addresses, such as that of a proxy in front. Only beside `password`. */
  trustedHosts: readonly string[];
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
  allowPrivateNetwork: false,
  configFile: null,
  port: 3000,
  host: '127.0.0.1',
  password: null,
  readPassword: null,
  trustedHosts: [],
  tickSeconds: null,
  dynamodbEndpoint: null,
  dataFolder: null,
  retentionDays: null,
  tableName: 'provider-health',
};
