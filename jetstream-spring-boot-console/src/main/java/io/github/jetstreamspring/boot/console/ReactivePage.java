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
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;

/**
 * A page on a reactive server that gets updates. At most one is on its way to the server,
 * and is the newest one when that takes it: servers ask for many ahead, which would be
 * kept for a page that doesn't read.
 */
final class ReactivePage implements LiveUpdates.Receiver {

	private static final int MOST_MISSED = 5;

	private final FluxSink<Publisher<DataBuffer>> sink;

	private final DataBufferFactory buffers;

	private final ReactiveConnection connection;

	// The one that is on its way
	private final AtomicReference<@Nullable String> latest = new AtomicReference<>();

	private final AtomicInteger missed = new AtomicInteger();

	/**
	 * Creates a page.
	 * @param sink gets the updates
	 * @param buffers make bytes of them
	 * @param connection leads to the page
	 */
	ReactivePage(FluxSink<Publisher<DataBuffer>> sink, DataBufferFactory buffers, ReactiveConnection connection) {
		this.sink = sink;
		this.buffers = buffers;
		this.connection = connection;
	}

	@Override
	public void send(String update) throws IOException {
		if (this.latest.get() == null && !this.connection.isBehind()) {
			this.missed.set(0);
			this.latest.set(update);
			this.sink.next(Mono.fromSupplier(this::take));
		}
		else if (this.missed.incrementAndGet() > MOST_MISSED) {
			throw new IOException("The page doesn't read");
		}
		else {
			this.latest.updateAndGet((waiting) -> (waiting != null) ? update : null);
		}
	}

	private @Nullable DataBuffer take() {
		String update = this.latest.getAndSet(null);
		return (update != null)
				? this.buffers.wrap(("event:now\ndata:" + update + "\n\n").getBytes(StandardCharsets.UTF_8)) : null;
	}

	@Override
	public void end() {
		boolean reading = this.missed.get() == 0;
		this.sink.complete();
		if (!reading) {
			// It would never come to its end
			this.connection.drop();
		}
	}

}
