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

package io.github.jetstreamspring.annotation;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;

import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryHandler;
import io.github.jetstreamspring.listener.JetStreamListenerConfigurer;
import io.github.jetstreamspring.listener.JetStreamReceiver;
import io.github.jetstreamspring.listener.ListenerDefinition;
import io.github.jetstreamspring.listener.ListenerSettings;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;

import org.springframework.aot.AotDetector;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.util.Assert;
import org.springframework.util.ExceptionTypeFilter;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

/**
 * An application with every kind of listener, which ends well when each of them has
 * handled a message. It can be processed ahead of time.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ AotApplication.Methods.class, AotApplication.ListenerClass.class, AotApplication.Exercise.class })
class AotApplication {

	/**
	 * What it prints when all is well.
	 */
	static final String DONE = "every kind of listener has handled a message";

	private static final Set<String> KINDS = Set.of("method", "message", "batch", "reply", "class", "sealed", "code",
			"key");

	static final String[] PROPERTIES = { "jetstream.streams.jobs.subjects=jobs.>",
			"jetstream.streams.jobs.retention=interest", "jetstream.streams.results.subjects=results.>",
			"jetstream.streams.jobs.consumers.method.filter-subjects=jobs.method",
			"jetstream.streams.jobs.consumers.message.filter-subjects=jobs.message",
			"jetstream.streams.jobs.consumers.batch.filter-subjects=jobs.batch",
			"jetstream.streams.jobs.consumers.reply.filter-subjects=jobs.reply",
			"jetstream.streams.jobs.consumers.class.filter-subjects=jobs.class.>",
			"jetstream.streams.jobs.consumers.sealed.filter-subjects=jobs.sealed",
			"jetstream.streams.jobs.consumers.code.filter-subjects=jobs.code",
			"jetstream.streams.jobs.consumers.key.filter-subjects=jobs.key",
			"jetstream.streams.results.consumers.by-hand.ack-wait=5s" };

	public static void main(String[] args) {
		new SpringApplicationBuilder(AotApplication.class).web(WebApplicationType.NONE)
			.properties(PROPERTIES)
			.run(args)
			.close();
	}

	@Bean
	Kinds kinds() {
		return new Kinds();
	}

	@Bean
	JetStreamListenerConfigurer code(ListenerSettings settings, Kinds kinds) {
		return (listeners) -> listeners.register(ListenerDefinition.of("code", "jobs", "code", settings.defaults(),
				new ExceptionTypeFilter(List.of(), List.of()), (DeliveryHandler) (delivery, message) -> {
					kinds.handled.add("code");
					return null;
				}));
	}

	/**
	 * Which of them have handled a message.
	 */
	static class Kinds {

		private final Set<String> handled = new ConcurrentSkipListSet<>();

	}

	static class Methods {

		private final Kinds kinds;

		Methods(Kinds kinds) {
			this.kinds = kinds;
		}

		@JetStreamListener("method")
		void method(@Valid Job job, @Header("tenant") String tenant, Delivery delivery) {
			Assert.isTrue(job.cents() == 7 && tenant.equals("acme"), "It is all there");
			this.kinds.handled.add("method");
		}

		@JetStreamListener("message")
		void message(Message<Job> message) {
			Assert.isTrue(message.getPayload().cents() == 7, "It is all there");
			this.kinds.handled.add("message");
		}

		@JetStreamListener(value = "batch", batch = true)
		void batch(List<Message<Job>> jobs) {
			Assert.isTrue(jobs.get(0).getPayload().cents() == 7, "It is all there");
			this.kinds.handled.add("batch");
		}

		@JetStreamListener("reply")
		@SendTo("results.done")
		CompletableFuture<Done> reply(Job job) {
			this.kinds.handled.add("reply");
			return CompletableFuture.completedFuture(new Done(job.id()));
		}

		@JetStreamListener(value = "key", orderedBy = "payload.id")
		void key(Job job) {
			this.kinds.handled.add("key");
		}

		@JetStreamListener("sealed")
		void sealed(Shape shape) {
			Assert.isInstanceOf(Circle.class, shape);
			this.kinds.handled.add("sealed");
		}

	}

	@JetStreamListener("class")
	static class ListenerClass {

		private final Kinds kinds;

		ListenerClass(Kinds kinds) {
			this.kinds = kinds;
		}

		@JetStreamHandler
		void job(Job job) {
			this.kinds.handled.add("class");
		}

		@JetStreamHandler(isDefault = true)
		void other(byte[] other) {
			throw new IllegalStateException("There is no other");
		}

	}

	/**
	 * A payload.
	 */
	record Job(String id, @Positive int cents) {

	}

	/**
	 * A result.
	 */
	record Done(String id) {

	}

	/**
	 * A payload of one of several types.
	 */
	sealed interface Shape permits Circle, Square {

	}

	/**
	 * One of these types.
	 */
	record Circle(int radius) implements Shape {

	}

	/**
	 * One of these types.
	 */
	record Square(int side) implements Shape {

	}

	/**
	 * Has all of them handle messages.
	 */
	static class Exercise implements ApplicationRunner {

		private static final Duration TIMEOUT = Duration.ofSeconds(30);

		private final JetStreamTemplate template;

		private final JetStreamReceiver receiver;

		private final Kinds kinds;

		Exercise(JetStreamTemplate template, JetStreamReceiver receiver, Kinds kinds) {
			this.template = template;
			this.receiver = receiver;
			this.kinds = kinds;
		}

		@Override
		public void run(ApplicationArguments arguments) throws Exception {
			Job job = new Job("a", 7);
			for (String kind : List.of("method", "message", "batch", "reply", "class.new", "code", "key")) {
				this.template.message(job).to("jobs." + kind).header("tenant", "acme").publish();
			}
			this.template.publish("jobs.sealed", new Circle(3));
			Done done = this.receiver.receive("results", "by-hand", Done.class, TIMEOUT).map((message) -> {
				message.delivery().ack();
				return message.payload();
			}).orElseThrow();
			Assert.isTrue(done.id().equals("a"), "It is all there");
			await().atMost(TIMEOUT).until(() -> new TreeSet<>(this.kinds.handled), equalTo(new TreeSet<>(KINDS)));
			System.out.println(DONE + (AotDetector.useGeneratedArtifacts() ? ", ahead of time" : ""));
		}

	}

}
