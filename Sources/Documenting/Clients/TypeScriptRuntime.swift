/// What every TypeScript client holds, whatever the tables.
enum TypeScriptRuntime {
    /// Words that no variable may be called.
    static let words: Set<String> = [
        "arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger",
        "default", "delete", "do", "else", "enum", "eval", "export", "extends", "false", "finally",
        "for", "function", "if", "implements", "import", "in", "instanceof", "interface", "let",
        "new", "null", "package", "private", "protected", "public", "return", "static", "super",
        "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while", "with", "yield",
    ]

    static let errors = #"""
        /** What is wrong with one field. */
        export interface Problem {
          field: string;
          code: string;
          message: string;
        }

        /** A request that was refused, or could not be answered. */
        export class APIError extends Error {
          /** HTTP's status. */
          readonly status: number;
          /** A stable word, such as `etag_mismatch`. */
          readonly code: string;
          /** What the server's log has it under. */
          readonly traceID: string | null;
          readonly problems: readonly Problem[];
          /** Seconds after which it may be tried again. */
          readonly retryAfterSeconds: number | null;

          constructor(status: number, body: unknown, retryAfter: string | null) {
            const told = (body ?? {}) as Record<string, unknown>;
            super(typeof told.message === "string" ? told.message : `HTTP status ${status}`);
            this.name = "APIError";
            this.status = status;
            this.code = typeof told.code === "string" ? told.code : "unknown";
            this.traceID = typeof told.trace_id === "string" ? told.trace_id : null;
            this.problems = Array.isArray(told.errors) ? (told.errors as Problem[]) : [];
            const seconds = retryAfter === null ? NaN : Number(retryAfter);
            this.retryAfterSeconds = Number.isFinite(seconds) ? seconds : null;
          }
        }

        """#

    static let lists = #"""
        /** How a field is compared. */
        export interface Comparison<Value> {
          eq?: Value;
          ne?: Value;
          lt?: Value;
          lte?: Value;
          gt?: Value;
          gte?: Value;
          in?: readonly Value[];
          nin?: readonly Value[];
          between?: readonly [Value, Value];
          like?: string;
          ilike?: string;
          contains?: string;
          null?: boolean;
        }

        /** Conditions that all must hold: a value, or a comparison, by field. */
        export type Where<Row> = {
          [Field in keyof Row]?: NonNullable<Row[Field]> | Comparison<NonNullable<Row[Field]>>;
        };

        /** What of the rows is answered. */
        export interface ShapeOptions<Row, Relations> {
          /** These fields alone: the others are then missing. */
          fields?: readonly (keyof Row & string)[];
          /** Relations, or one with its fields, such as `tags(name)`. */
          include?: readonly (
            | (keyof Relations & string)
            | `${keyof Relations & string}(${string})`
          )[];
          /** For admins: deleted rows, too. */
          includeDeleted?: boolean;
        }

        /** Which rows, in which order. */
        export interface ListOptions<Row, Relations> extends ShapeOptions<Row, Relations> {
          where?: Where<Row>;
          /** As the API writes it: `(a.eq.1,b.gt.2)`. */
          or?: string;
          /** A condition of the app by its name, and what it needs. */
          filter?: string;
          parameters?: Record<string, string | number | boolean>;
          /** Fields, `-` before one for the largest first: `["-created_at", "name.nullslast"]`. */
          order?: readonly string[];
          limit?: number;
          offset?: number;
          cursor?: string;
          count?: "exact" | "estimated" | "none";
        }

        /** Some rows of a list. */
        export interface Page<Row> {
          rows: Row[];
          /** Of all pages; null when it was not asked for. */
          count: number | null;
          limit: number;
          offset: number;
          /** Leads to the next page; null on the last. */
          nextCursor: string | null;
        }

        /** A row with the tag that says which state of it this is. */
        export interface Versioned<Row> {
          row: Row;
          etag: string | null;
        }

        """#

    static let requests = #"""
        export interface ConnectionOptions {
          /** A token to begin with. */
          token?: string;
          /** Instead of the platform's own. */
          fetch?: typeof fetch;
        }

        /** A body that was answered, and the headers that matter. */
        interface Answer {
          data: unknown;
          meta: Record<string, unknown>;
          etag: string | null;
        }

        /** Sends requests, with the token of who is signed in. */
        export class Connection {
          readonly url: string;
          token: string | null;
          readonly #fetch: typeof fetch;

          constructor(url: string, options: ConnectionOptions) {
            this.url = url.replace(/\/+$/, "");
            this.token = options.token ?? null;
            this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
          }

          /** Sends one request; throws an `APIError` when it is refused. */
          async send(
            method: string,
            path: string,
            query: URLSearchParams | null = null,
            body: unknown = undefined,
            headers: Record<string, string> = {},
          ): Promise<Answer> {
            const all: Record<string, string> = { Accept: "application/json", ...headers };
            if (this.token !== null) all["Authorization"] = `Bearer ${this.token}`;
            if (body !== undefined) all["Content-Type"] = "application/json";
            const text = query === null ? "" : query.toString();
            const response = await this.#fetch(this.url + path + (text === "" ? "" : `?${text}`), {
              method,
              headers: all,
              body: body === undefined ? undefined : JSON.stringify(body),
            });
            const bytes = await response.text();
            let answer: Record<string, unknown> = {};
            try {
              answer = bytes === "" ? {} : JSON.parse(bytes);
            } catch {
              throw new APIError(response.status, null, response.headers.get("Retry-After"));
            }
            if (!response.ok) {
              throw new APIError(response.status, answer, response.headers.get("Retry-After"));
            }
            return {
              data: answer.data ?? null,
              meta: (answer.meta ?? {}) as Record<string, unknown>,
              etag: response.headers.get("ETag"),
            };
          }
        }

        """#
}
