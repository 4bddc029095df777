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

import java.net.URI;
import java.security.Principal;
import java.util.Optional;

import io.github.jetstreamspring.boot.console.ConsoleRequest.Csrf;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.web.server.csrf.CsrfToken;
import org.springframework.util.ClassUtils;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The console on a reactive server.
 */
final class ReactiveConsole implements RouterFunction<ServerResponse> {

	private static final boolean SECURITY = ClassUtils
		.isPresent("org.springframework.security.web.server.csrf.CsrfToken", ReactiveConsole.class.getClassLoader());

	private final ConsolePath path;

	private final ConsoleHandler handler;

	private final LiveUpdates live;

	ReactiveConsole(ConsolePath path, ConsoleHandler handler, LiveUpdates live) {
		this.path = path;
		this.handler = handler;
		this.live = live;
	}

	@Override
	public Mono<HandlerFunction<ServerResponse>> route(ServerRequest request) {
		String below = this.path.below(request.requestPath().pathWithinApplication().value());
		return (below != null) ? Mono.just((any) -> handle(any, below)) : Mono.empty();
	}

	private Mono<ServerResponse> handle(ServerRequest request, String below) {
		if (below.isEmpty()) {
			return ServerResponse.status(302).location(URI.create(this.path.withSlash())).build();
		}
		boolean isLive = below.equals(ConsolePath.LIVE);
		return convert(request, below)
			.flatMap((converted) -> Mono
				.fromCallable(
						() -> isLive ? this.handler.checkLive(converted, this.live) : this.handler.handle(converted))
				// As it may wait for the server
				.subscribeOn(Schedulers.boundedElastic()))
			.flatMap((response) -> (isLive && response.status() == 200) ? live(request) : convert(response));
	}

	private static Mono<ConsoleRequest> convert(ServerRequest request, String below) {
		return Mono
			.zip(request.principal()
				.filter((principal) -> !SECURITY || !Security.isAnonymous(principal))
				.map(Principal::getName)
				.map(Optional::of)
				.defaultIfEmpty(Optional.empty()),
					SECURITY ? Security.csrf(request) : Mono.just(Optional.<Csrf>empty()), body(request))
			.map((parts) -> new ConsoleRequest(request.method().name(), below, request.queryParams().toSingleValueMap(),
					request.headers()::firstHeader, isLoopback(request), parts.getT1().orElse(null),
					parts.getT2().orElse(null), () -> parts.getT3().orElse(null)));
	}

	private static boolean isLoopback(ServerRequest request) {
		return ConsolePath.isLoopback(ReactiveConnection.of(request.exchange().getRequest()).localAddress())
				|| ConsolePath.isLoopback(request.remoteAddress().orElse(null));
	}

	private static Mono<Optional<byte[]>> body(ServerRequest request) {
		if (!request.method().equals(HttpMethod.POST)) {
			return Mono.just(Optional.of(new byte[0]));
		}
		return DataBufferUtils.join(request.body(BodyExtractors.toDataBuffers()), ConsoleRequest.MAX_BODY)
			.map((buffer) -> {
				byte[] body = new byte[buffer.readableByteCount()];
				buffer.read(body);
				DataBufferUtils.release(buffer);
				return Optional.of(body);
			})
			.defaultIfEmpty(Optional.of(new byte[0]))
			.onErrorReturn(DataBufferLimitException.class, Optional.empty());
	}

	private static Mono<ServerResponse> convert(ConsoleResponse response) {
		return ServerResponse.status(response.status())
			.headers((headers) -> response.headers().forEach(headers::set))
			.body((response.body().length > 0) ? BodyInserters.fromValue(response.body()) : BodyInserters.empty());
	}

	private Mono<ServerResponse> live(ServerRequest request) {
		Flux<Publisher<DataBuffer>> updates = Flux.create((sink) -> {
			ReactivePage page = new ReactivePage(sink, request.exchange().getResponse().bufferFactory(),
					ReactiveConnection.of(request.exchange().getRequest()));
			sink.onDispose(() -> this.live.remove(page));
			if (!this.live.add(page)) {
				sink.complete();
			}
		});
		return ServerResponse.ok()
			.contentType(MediaType.TEXT_EVENT_STREAM)
			.headers((headers) -> ConsoleResponse.LIVE.forEach(headers::set))
			.body((response, context) -> response.writeAndFlushWith(updates.take(ConsolePath.LIVE_TIME)));
	}

	/**
	 * Knows Spring Security, which needs not be there.
	 */
	private static final class Security {

		private static Mono<Optional<Csrf>> csrf(ServerRequest request) {
			Object attribute = request.exchange().getAttribute(CsrfToken.class.getName());
			if (!(attribute instanceof Mono<?> mono)) {
				return Mono.just(Optional.empty());
			}
			return mono.ofType(CsrfToken.class)
				.map((token) -> Optional.of(new Csrf(token::getHeaderName, token::getToken)))
				.defaultIfEmpty(Optional.empty());
		}

		// Who is somebody to the application, but hasn't signed in
		private static boolean isAnonymous(Principal principal) {
			return principal instanceof AnonymousAuthenticationToken;
		}

	}

}
