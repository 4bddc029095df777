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
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;

import io.github.jetstreamspring.boot.console.ConsoleRequest.Csrf;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.util.ClassUtils;
import org.springframework.util.MultiValueMap;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The console on a servlet server.
 */
final class ServletConsole implements RouterFunction<ServerResponse> {

	private static final boolean SECURITY = ClassUtils.isPresent("org.springframework.security.web.csrf.CsrfToken",
			ServletConsole.class.getClassLoader());

	private final ConsolePath path;

	private final ConsoleHandler handler;

	private final LiveUpdates live;

	ServletConsole(ConsolePath path, ConsoleHandler handler, LiveUpdates live) {
		this.path = path;
		this.handler = handler;
		this.live = live;
	}

	@Override
	public Optional<HandlerFunction<ServerResponse>> route(ServerRequest request) {
		String below = this.path.below(request.requestPath().pathWithinApplication().value());
		if (below == null) {
			return Optional.empty();
		}
		return Optional.of((any) -> handle(any, below));
	}

	private ServerResponse handle(ServerRequest request, String below) throws IOException {
		if (below.isEmpty()) {
			return ServerResponse.status(302).header("Location", this.path.withSlash()).build();
		}
		ConsoleRequest converted = convert(request, below);
		if (converted == null) {
			return convert(ConsoleResponse.problem(400, "The parameters can't be read"));
		}
		if (below.equals(ConsolePath.LIVE)) {
			ConsoleResponse check = this.handler.checkLive(converted, this.live);
			return (check.status() == 200) ? live() : convert(check);
		}
		return convert(this.handler.handle(converted));
	}

	private static @Nullable ConsoleRequest convert(ServerRequest request, String below) {
		Map<String, String> parameters;
		try {
			parameters = request.params().toSingleValueMap();
		}
		catch (IllegalStateException | IllegalArgumentException ex) {
			// As Tomcat says of what is encoded wrongly
			return null;
		}
		return new ConsoleRequest(request.method().name(), below, parameters, request.headers()::firstHeader,
				isLoopback(request), request.principal().map(Principal::getName).orElse(null),
				SECURITY ? CsrfTokens.of(request) : null, () -> body(request));
	}

	private static boolean isLoopback(ServerRequest request) {
		String address = request.servletRequest().getLocalAddr();
		return ConsolePath.isLoopback((address != null) ? new InetSocketAddress(address, 0) : null);
	}

	private static byte @Nullable [] body(ServerRequest request) throws IOException {
		try (InputStream stream = request.servletRequest().getInputStream()) {
			byte[] body = stream.readNBytes(ConsoleRequest.MAX_BODY + 1);
			return (body.length <= ConsoleRequest.MAX_BODY) ? body : null;
		}
	}

	private static ServerResponse convert(ConsoleResponse response) {
		return ServerResponse.status(response.status())
			.headers((headers) -> response.headers().forEach(headers::set))
			.build((servletRequest, servletResponse) -> {
				servletResponse.getOutputStream().write(response.body());
				return null;
			});
	}

	private ServerResponse live() {
		return new LiveResponse(ServerResponse.sse((page) -> {
			LiveUpdates.Receiver receiver = new LiveUpdates.Receiver() {

				@Override
				public void send(String update) throws IOException {
					page.event("now").data(update);
				}

				@Override
				public void end() {
					page.complete();
				}

			};
			page.onComplete(() -> this.live.remove(receiver));
			if (!this.live.add(receiver)) {
				page.complete();
			}
		}, ConsolePath.LIVE_TIME));
	}

	/**
	 * Updates with the headers of all other answers, which Spring's own response can't
	 * have.
	 */
	private record LiveResponse(ServerResponse updates) implements ServerResponse {

		@Override
		public HttpStatusCode statusCode() {
			return this.updates.statusCode();
		}

		@Override
		public HttpHeaders headers() {
			return this.updates.headers();
		}

		@Override
		public MultiValueMap<String, Cookie> cookies() {
			return this.updates.cookies();
		}

		@Override
		public @Nullable ModelAndView writeTo(HttpServletRequest request, HttpServletResponse response, Context context)
				throws ServletException, IOException {
			ConsoleResponse.LIVE.forEach(response::setHeader);
			return this.updates.writeTo(request, response, context);
		}

	}

	/**
	 * Knows Spring Security, which needs not be there.
	 */
	private static final class CsrfTokens {

		private static @Nullable Csrf of(ServerRequest request) {
			return (request.servletRequest().getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token)
					? new Csrf(token::getHeaderName, token::getToken) : null;
		}

	}

}
