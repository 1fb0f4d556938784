extension TypeScriptRuntime {
    static let tables = #"""
        /** A key's value; several for composite keys. */
        export type Key = string | number | boolean | readonly (string | number | boolean)[];

        export interface CreateOptions {
          /** What becomes of rows that are there already. */
          resolution?: "merge" | "ignore";
          /** The unique fields that tell whether one is. */
          onConflict?: string;
          /** Checks and answers, but changes nothing. */
          dryRun?: boolean;
        }

        export interface ChangeOptions {
          /** The tag that the row was read with: refused with 412 when it has changed since. */
          ifMatch?: string;
          /** Checks and answers, but changes nothing. */
          dryRun?: boolean;
        }

        /** The rows of one table. */
        export class Table<
          Row,
          Relations,
          Create,
          Patch,
          ID extends Key,
          MustMatch extends boolean = false,
        > {
          readonly path: string;
          readonly #connection: Connection;

          constructor(connection: Connection, path: string) {
            this.#connection = connection;
            this.path = path;
          }

          /** One page of rows. */
          async list(options: ListOptions<Row, Relations> = {}): Promise<Page<Row & Relations>> {
            const answer = await this.#connection.send("GET", this.path, listQuery(options));
            return {
              rows: answer.data as (Row & Relations)[],
              count: (answer.meta.count ?? null) as number | null,
              limit: answer.meta.limit as number,
              offset: answer.meta.offset as number,
              nextCursor: (answer.meta.next_cursor ?? null) as string | null,
            };
          }

          /** The rows of all pages, one page at a time. */
          async *all(options: ListOptions<Row, Relations> = {}): AsyncGenerator<Row & Relations> {
            let cursor = options.cursor;
            for (;;) {
              const page = await this.list({ ...options, cursor });
              yield* page.rows;
              if (page.nextCursor === null) return;
              cursor = page.nextCursor;
            }
          }

          /** One row; an `APIError` with status 404 where there is none. */
          async show(
            id: ID,
            options: ShapeOptions<Row, Relations> = {},
          ): Promise<Versioned<Row & Relations>> {
            const query = new URLSearchParams();
            shape(options, query);
            return versioned(await this.#connection.send("GET", this.#at(id), query));
          }

          async create(row: Create, options: CreateOptions = {}): Promise<Versioned<Row>> {
            return versioned(await this.#post(row, options));
          }

          /** All of the rows, or none. */
          async createMany(rows: readonly Create[], options: CreateOptions = {}): Promise<Row[]> {
            return (await this.#post(rows, options)).data as Row[];
          }

          /** Changes some fields. */
          async update(
            id: ID,
            fields: Patch,
            ...rest: MustMatch extends true
              ? [options: ChangeOptions & { ifMatch: string }]
              : [options?: ChangeOptions]
          ): Promise<Versioned<Row>> {
            return versioned(await this.#change("PATCH", id, fields, rest[0]));
          }

          /** Changes all fields: those left out become what they are in a new row. */
          async replace(
            id: ID,
            fields: Patch,
            ...rest: MustMatch extends true
              ? [options: ChangeOptions & { ifMatch: string }]
              : [options?: ChangeOptions]
          ): Promise<Versioned<Row>> {
            return versioned(await this.#change("PUT", id, fields, rest[0]));
          }

          async delete(
            id: ID,
            ...rest: MustMatch extends true
              ? [options: ChangeOptions & { ifMatch: string }]
              : [options?: ChangeOptions]
          ): Promise<void> {
            await this.#change("DELETE", id, undefined, rest[0]);
          }

          /** For admins: brings a deleted row back, and what went with it. */
          async restore(id: ID): Promise<Versioned<Row>> {
            return versioned(await this.#connection.send("POST", `${this.#at(id)}/restore`));
          }

          /** For admins: deletes a row for good. */
          async purge(id: ID): Promise<void> {
            const query = new URLSearchParams({ force: "true" });
            await this.#connection.send("DELETE", `${this.#at(id)}/purge`, query);
          }

          #at(id: ID): string {
            const parts: readonly unknown[] = Array.isArray(id) ? id : [id];
            const text = parts.map((part) => encodeURIComponent(String(part))).join(",");
            return `${this.path}/${text}`;
          }

          #post(body: unknown, options: CreateOptions): Promise<Answer> {
            const query = new URLSearchParams();
            if (options.onConflict !== undefined) query.set("on_conflict", options.onConflict);
            const preferences: string[] = [];
            if (options.resolution) preferences.push(`resolution=${options.resolution}`);
            if (options.dryRun) preferences.push("tx=rollback");
            return this.#connection.send("POST", this.path, query, body, prefer(preferences));
          }

          #change(
            method: string,
            id: ID,
            body: unknown,
            options: ChangeOptions | undefined,
          ): Promise<Answer> {
            const headers = prefer(options?.dryRun ? ["tx=rollback"] : []);
            if (options?.ifMatch !== undefined) headers["If-Match"] = options.ifMatch;
            return this.#connection.send(method, this.#at(id), null, body, headers);
          }
        }

        function prefer(preferences: readonly string[]): Record<string, string> {
          return preferences.length === 0 ? {} : { Prefer: preferences.join(", ") };
        }

        function versioned<Row>(answer: Answer): Versioned<Row> {
          return { row: answer.data as Row, etag: answer.etag };
        }

        function shape(options: ShapeOptions<any, any>, query: URLSearchParams): void {
          if (options.fields) query.set("fields", options.fields.join(","));
          if (options.include) query.set("include", options.include.join(","));
          if (options.includeDeleted) query.set("include_deleted", "true");
        }

        function listQuery(options: ListOptions<any, any>): URLSearchParams {
          const query = new URLSearchParams();
          shape(options, query);
          for (const [field, test] of Object.entries((options.where ?? {}) as object)) {
            if (test === undefined) continue;
            if (typeof test !== "object" || test === null) {
              query.append(field, String(test));
              continue;
            }
            for (const [operator, value] of Object.entries(test)) {
              if (value === undefined) continue;
              const text = Array.isArray(value) ? value.join(",") : String(value);
              query.append(`${field}[${operator}]`, text);
            }
          }
          if (options.or !== undefined) query.set("or", options.or);
          if (options.filter !== undefined) query.set("filter", options.filter);
          for (const [name, value] of Object.entries(options.parameters ?? {})) {
            query.append(name, String(value));
          }
          if (options.order) query.set("order", options.order.join(","));
          if (options.limit !== undefined) query.set("limit", String(options.limit));
          if (options.offset !== undefined) query.set("offset", String(options.offset));
          if (options.cursor !== undefined) query.set("cursor", options.cursor);
          if (options.count !== undefined) query.set("count", options.count);
          return query;
        }

        """#

    /// The class is left open: what an app allows follows.
    static let auth = #"""

        /** What signing in gives. */
        export interface Session {
          token: string;
          refresh_token: string;
          /** Seconds. */
          expires_in: number;
          user: Account;
        }

        /** Signing in and out. */
        export class Auth {
          /** The last session's; each is good for one refresh. */
          refreshToken: string | null = null;
          private readonly connection: Connection;

          constructor(connection: Connection) {
            this.connection = connection;
          }

          private async begin(path: string, body: unknown): Promise<Session> {
            const session = (await this.connection.send("POST", path, null, body)).data as Session;
            this.connection.token = session.token;
            this.refreshToken = session.refresh_token;
            return session;
          }

          /** Who is signed in. */
          async me(): Promise<Account> {
            return (await this.connection.send("GET", "/auth/me")).data as Account;
          }

          /** Ends the session. */
          async logout(): Promise<void> {
            await this.connection.send("POST", "/auth/logout");
            this.connection.token = null;
            this.refreshToken = null;
          }

          /** A new token, before or after the old one has run out. */
          refresh(refreshToken: string | null = this.refreshToken): Promise<Session> {
            this.connection.token = null;
            return this.begin("/auth/refresh", { refresh_token: refreshToken });
          }

          async changePassword(current: string, next: string): Promise<void> {
            await this.connection.send("POST", "/auth/password", null, { current, new: next });
          }
        """#
}
