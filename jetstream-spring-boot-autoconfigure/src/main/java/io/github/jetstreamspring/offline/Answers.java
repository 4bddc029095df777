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

package io.github.jetstreamspring.offline;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.nats.client.Message;
import io.nats.client.MessageHandler;

/**
 * Gives answers on a thread of their own, as the client does. It is made for the first of
 * them.
 */
final class Answers {

	// One thread from the first answer on: who takes answers in remembers which it is
	private final ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(), (task) -> {
				Thread thread = new Thread(task, "jetstream-offline");
				thread.setDaemon(true);
				return thread;
			});

	void give(MessageHandler inbox, Message answer) {
		this.thread.execute(() -> {
			try {
				inbox.onMessage(answer);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
	}

	void close() {
		this.thread.shutdown();
	}

}
