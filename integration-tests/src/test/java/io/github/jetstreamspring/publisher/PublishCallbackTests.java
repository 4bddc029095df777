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

package io.github.jetstreamspring.publisher;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What an application does when a message is confirmed keeps nobody else waiting for
 * longer than their timeouts.
 */
@EmbeddedNats(shared = false)
class PublishCallbackTests {

	private static final String SUBJECT = PublishServer.SUBJECT;

	@AutoClose
	private PublishServer server;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = new PublishServer(embedded).stream((stream) -> stream);
	}

	@Test
	void whenCallbackWouldWaitForItselfThenThatIsRefusedAtOnce() throws Exception {
		JetStreamTemplate template = this.server.template();
		CompletableFuture<Throwable> single = refused(template, () -> template.publish(SUBJECT, "b"));
		assertThat(single.get(5, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("publishAsync()");
		CompletableFuture<Throwable> group = refused(template,
				() -> template.publishAll(List.of(template.message("b").to(SUBJECT))));
		assertThat(group.get(5, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
		CompletableFuture<Throwable> request = refused(template,
				() -> template.message("b").to(SUBJECT).request(String.class, Duration.ofSeconds(1)));
		assertThat(request.get(5, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
		assertThat(this.server.count()).as("nothing was sent by those that were refused").isEqualTo(3);
	}

	@Test
	void whenCallbackPublishesWithoutWaitingThenItIsStored() throws Exception {
		JetStreamTemplate template = this.server.template();
		assertThat(template.publishAsync(SUBJECT, "a")
			.thenCompose((result) -> template.publishAsync(SUBJECT, "b"))
			.get(5, TimeUnit.SECONDS)
			.sequence()).isEqualTo(2);
	}

	@Test
	@Timeout(30)
	void whenObserverNeverReturnsThenNoPublishOutlivesItsTimeout() {
		CountDownLatch end = new CountDownLatch(1);
		AtomicBoolean hanging = new AtomicBoolean(true);
		JetStreamTemplate template = new JetStreamTemplate(this.server.connection(),
				JetStreamMessageConverters.json(JsonMapper.shared()), new PublisherOptions(Duration.ofSeconds(1), 10),
				(subject, time, result, failure) -> {
					if (hanging.get()) {
						await(end);
					}
				});
		try {
			// It is confirmed before the observer is told
			template.publish(SUBJECT, "a");
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(PublishTimeoutException.class)
					.isThrownBy(() -> template.publish(SUBJECT, "b"));
			}
			hanging.set(false);
			end.countDown();
			org.awaitility.Awaitility.await()
				.ignoreExceptions()
				.until(() -> template.publish(SUBJECT, "c").sequence() > 0);
		}
		finally {
			end.countDown();
			template.destroy();
		}
	}

	@Test
	void whenThePublisherIsClosedThenWhatIsInFlightIsConfirmedFirst() throws Exception {
		JetStreamTemplate template = this.server.template();
		this.server.server().pause();
		CompletableFuture<PublishResult> published = template.publishAsync(SUBJECT, "a");
		Thread closing = new Thread(template::destroy);
		closing.start();
		org.awaitility.Awaitility.await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
		assertThat(published).isNotDone();
		this.server.server().resume();
		assertThat(published.join().sequence()).isEqualTo(1);
		closing.join();
	}

	private CompletableFuture<Throwable> refused(JetStreamTemplate template, Runnable waiting) {
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		// Nothing is confirmed before the callback is there, so that it runs where
		// confirmations come in
		this.server.server().pause();
		try {
			template.publishAsync(SUBJECT, "a").whenComplete((result, ex) -> {
				try {
					waiting.run();
					failure.complete(null);
				}
				catch (Throwable thrown) {
					failure.complete(thrown);
				}
			});
		}
		finally {
			this.server.server().resume();
		}
		return failure;
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
