/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.boot.console;

import java.io.IOException;
import java.util.Map;

import io.github.jetstreamspring.boot.operations.OperationFailure;
import io.github.jetstreamspring.guard.Guard;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Answers what browsers ask for: the files of the page, and what its scripts want to
 * know.
 */
final class ConsoleHandler {

	private static final Log logger = LogFactory.getLog(ConsoleHandler.class);

	private static final String API = "/api/";

	private final RequestCheck check;

	private final StaticFiles files;

	private final ConsoleApi api;

	ConsoleHandler(RequestCheck check, StaticFiles files, ConsoleApi api) {
		this.check = check;
		this.files = files;
		this.api = api;
	}

	/**
	 * Answers a request. May wait for the server.
	 * @param request the request
	 * @return the answer
	 */
	ConsoleResponse handle(ConsoleRequest request) {
		try {
			return answer(request);
		}
		catch (OperationFailure failure) {
			return ConsoleResponse.failure(failure);
		}
		catch (RuntimeException ex) {
			Guard.log(logger, () -> "The console failed", ex);
			return ConsoleResponse.failure(OperationFailure.unexpected());
		}
	}

	private ConsoleResponse answer(ConsoleRequest request) {
		String problem = this.check.problem(request);
		if (problem != null) {
			return ConsoleResponse.problem(403, problem);
		}
		if (isForApi(request)) {
			return answerApi(request, request.path().substring(API.length()));
		}
		if (!request.isReading()) {
			return ConsoleResponse.problem(405, "This can only be read");
		}
		if (request.path().isEmpty()) {
			return ConsoleResponse.problem(404, "There is no such file");
		}
		String name = request.path().substring(1);
		ConsoleResponse file = this.files.get(name.isEmpty() ? "index.html" : name, request);
		return (file != null) ? file : ConsoleResponse.problem(404, "There is no such file");
	}

	private ConsoleResponse answerApi(ConsoleRequest request, String path) {
		if (request.isReading()) {
			return ConsoleResponse.json(200, this.api.get(path, request));
		}
		if (!request.method().equals("POST")) {
			return ConsoleResponse.problem(405, "There are only GET and POST here");
		}
		String problem = this.check.writeProblem(request);
		if (problem != null) {
			return ConsoleResponse.problem(403, problem);
		}
		byte[] body = read(request.body());
		if (body == null) {
			return ConsoleResponse.problem(413, "The body has more than %d bytes".formatted(ConsoleRequest.MAX_BODY));
		}
		return ConsoleResponse.json(200, this.api.post(path, request, WriteBody.of(body)));
	}

	static boolean isForApi(ConsoleRequest request) {
		return request.path().startsWith(API);
	}

	private static byte @Nullable [] read(ConsoleRequest.Body body) {
		try {
			return body.read();
		}
		catch (IOException ex) {
			throw OperationFailure.badRequest("The body has not come to its end");
		}
	}

	/**
	 * Returns what is wrong with a request for live updates.
	 * @param request the request
	 * @param live sends them
	 * @return the answer, with the status 200 if nothing is
	 */
	ConsoleResponse checkLive(ConsoleRequest request, LiveUpdates live) {
		if (!request.method().equals("GET")) {
			return ConsoleResponse.problem(405, "There is only GET here");
		}
		String problem = this.check.problem(request);
		if (problem != null) {
			return ConsoleResponse.problem(403, problem);
		}
		String full = live.problem();
		return (full != null) ? ConsoleResponse.problem(503, full) : ConsoleResponse.json(200, Map.of());
	}

}
