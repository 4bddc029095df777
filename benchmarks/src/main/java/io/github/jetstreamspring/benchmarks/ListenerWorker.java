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

package io.github.jetstreamspring.benchmarks;

import java.util.stream.Stream;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.listener.JetStreamListeners;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/**
 * A Spring Boot application whose listener handles the messages, as a user would write
 * it.
 */
final class ListenerWorker implements Worker {

	private final ConfigurableApplicationContext context;

	ListenerWorker(Case testCase, String url, Work work, Class<?> handler, String... properties) {
		this.context = new SpringApplicationBuilder(Application.class, handler)
			.initializers((context) -> ((GenericApplicationContext) context).registerBean(Work.class, () -> work))
			.registerShutdownHook(false)
			.run(arguments(testCase, url, properties));
	}

	private static String[] arguments(Case testCase, String url, String... properties) {
		return Stream
			.concat(Stream.of("--jetstream.servers=" + url,
					"--jetstream.listener.concurrency=" + testCase.concurrency(),
					"--jetstream.listener.ack=" + (testCase.confirmed() ? "confirmed" : "plain"),
					"--spring.threads.virtual.enabled=" + testCase.virtual()), Stream.of(properties))
			.toArray(String[]::new);
	}

	@Override
	public void start() {
		this.context.getBean(JetStreamListeners.class).start(Queue.CONSUMER);
	}

	@Override
	public void stop() {
		this.context.getBean(JetStreamListeners.class).stop(Queue.CONSUMER);
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	static class BytesHandler {

		private final Work work;

		BytesHandler(Work work) {
			this.work = work;
		}

		@JetStreamListener(stream = Queue.STREAM, consumer = Queue.CONSUMER)
		void handle(byte[] payload) {
			this.work.run(Payload.number(payload), Payload.time(payload));
		}

	}

	static class JsonHandler {

		private final Work work;

		JsonHandler(Work work) {
			this.work = work;
		}

		@JetStreamListener(stream = Queue.STREAM, consumer = Queue.CONSUMER)
		void handle(Job job) {
			this.work.run(job.number(), job.time());
		}

	}

	static class ParsingHandler {

		private final Work work;

		private final ObjectReader reader;

		ParsingHandler(Work work, JsonMapper jsonMapper) {
			this.work = work;
			this.reader = jsonMapper.readerFor(Job.class);
		}

		@JetStreamListener(stream = Queue.STREAM, consumer = Queue.CONSUMER)
		void handle(byte[] payload) {
			Job job = this.reader.readValue(payload);
			this.work.run(job.number(), job.time());
		}

	}

}
