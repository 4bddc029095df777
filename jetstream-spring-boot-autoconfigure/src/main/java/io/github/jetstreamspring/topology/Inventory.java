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

package io.github.jetstreamspring.topology;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Reads streams and consumers from the server: many at once where there are many, as one
 * after the other each would take the way to the server and back.
 */
final class Inventory {

	// For fewer, threads cost more than they spare
	private static final int MANY = 5;

	private static final int AT_ONCE = 16;

	private static final int ATTEMPTS = 5;

	private final JetStreamManagement management;

	private final Map<String, FutureTask<?>> answers = new HashMap<>();

	private volatile boolean silent;

	Inventory(JetStreamManagement management) {
		this.management = management;
	}

	/**
	 * Reads what will be asked for. Once the server has left a question unanswered, the
	 * rest is read when it is asked for.
	 */
	void readAhead(List<? extends Declared<?, ?>> all) {
		List<FutureTask<?>> questions = new ArrayList<>();
		for (Declared<?, ?> declared : all) {
			FutureTask<?> question = new FutureTask<>(() -> ask(declared));
			this.answers.put(declared.key(), question);
			questions.add(question);
		}
		// One first, so that a server which doesn't answer has but one to leave out
		int oneByOne = (questions.size() < MANY) ? questions.size() : 1;
		for (FutureTask<?> question : questions.subList(0, oneByOne)) {
			run(question);
		}
		if (oneByOne < questions.size()) {
			runAll(questions.subList(oneByOne, questions.size()));
		}
	}

	private void runAll(List<FutureTask<?>> questions) {
		CustomizableThreadFactory factory = new CustomizableThreadFactory("jetstream-topology-");
		factory.setDaemon(true);
		ExecutorService threads = Executors.newFixedThreadPool(Math.min(AT_ONCE, questions.size()), factory);
		questions.forEach((question) -> threads.execute(() -> run(question)));
		threads.shutdown();
		try {
			threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			threads.shutdownNow();
			Thread.currentThread().interrupt();
		}
	}

	private void run(FutureTask<?> question) {
		if (this.silent) {
			question.cancel(false);
		}
		else {
			question.run();
		}
	}

	private <C> @Nullable C ask(Declared<C, ?> declared) throws IOException, JetStreamApiException {
		for (int attempt = 1;; attempt++) {
			try {
				return declared.read(this.management);
			}
			catch (IOException ex) {
				this.silent = true;
				throw ex;
			}
			catch (IllegalStateException ex) {
				// On a busy machine the client may take no more for half a second, as
				// many ask at once
				if (attempt == ATTEMPTS) {
					throw ex;
				}
			}
		}
	}

	/**
	 * Returns whether something has been read and is there.
	 */
	boolean has(Declared<?, ?> declared) {
		try {
			return answer(declared) != null && read(declared) != null;
		}
		catch (IOException | JetStreamApiException ex) {
			return false;
		}
	}

	/**
	 * Returns what the server has, or {@code null} if it has nothing of that name.
	 */
	@SuppressWarnings("unchecked")
	<C> @Nullable C read(Declared<C, ?> declared) throws IOException, JetStreamApiException {
		FutureTask<?> answer = answer(declared);
		if (answer == null) {
			return declared.read(this.management);
		}
		try {
			return (C) answer.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		catch (ExecutionException ex) {
			throw failure(ex.getCause());
		}
	}

	private @Nullable FutureTask<?> answer(Declared<?, ?> declared) {
		FutureTask<?> answer = this.answers.get(declared.key());
		return (answer != null && answer.isDone() && !answer.isCancelled()) ? answer : null;
	}

	private static RuntimeException failure(@Nullable Throwable cause) throws IOException, JetStreamApiException {
		if (cause instanceof IOException silence) {
			throw silence;
		}
		if (cause instanceof JetStreamApiException refusal) {
			throw refusal;
		}
		if (cause instanceof Error error) {
			throw error;
		}
		return (cause instanceof RuntimeException failure) ? failure : new IllegalStateException(cause);
	}

}
