/** The settings of the local monitor. */

export interface LocalSettings {
  /** Whether providers and channels on private networks are allowed. This machine itself is always allowed. */
  allowPrivateNetwork: boolean;
  /** Path of a providers.json; null: simulated providers. */
  configFile: string | null;
  /** 0 to 65535. 0: any free port. */
  port: number;
  /** Address to listen on. Other than loopback only with a password. */
  host: string;
  /** Reference to the operator's password, which allows everything; null: only this machine is served. */
  password: string | null;
  /** Reference to the readers' password. Only with `password`. */
  readPassword: string | null;
  /** Host names that the port answers to besides addresses, such as a proxy's. Only with `password`. */
  trustedHosts: readonly string[];
  /** Whole seconds between two ticks; null: 60 with a configuration, 5 with simulated providers. */
  tickSeconds: number | null;
  /** URL of a DynamoDB; null: an embedded one. */
  dynamodbEndpoint: string | null;
  /** Folder that keeps the embedded table; null: the table is lost with the process. */
  dataFolder: string | null;
  /** Days for which checks are kept; null: 7. */
  retentionDays: number | null;
  tableName: string;
}

/** The settings of a start without options. */
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
