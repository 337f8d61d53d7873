/** An error that a request is answered with: `{"_tag":"…Error","message":"…",…}`. */
export class ApiError extends Error {
  readonly status: number;
  readonly tag: string;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(status: number, tag: string, message: string, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.tag = tag;
    this.fields = fields;
  }
}

export function invalidRequest(message: string, field?: string, kind = 'Body'): ApiError {
  return new ApiError(400, 'InvalidRequestError', message, {
    kind,
    ...(field === undefined ? {} : { field }),
  });
}

export function notFound(
  what: 'Session' | 'Message' | 'Permission' | 'Form' | 'Command',
  id: string,
): ApiError {
  return new ApiError(404, `${what}NotFoundError`, `${what} not found: ${id}`);
}

export function sessionBusy(id: string): ApiError {
  return new ApiError(409, 'SessionBusyError', `Session is busy: ${id}`, { sessionID: id });
}

export function unavailable(service: string, message: string): ApiError {
  return new ApiError(503, 'ServiceUnavailableError', message, { service });
}
