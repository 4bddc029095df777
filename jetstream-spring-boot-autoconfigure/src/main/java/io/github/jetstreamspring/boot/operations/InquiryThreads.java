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

package io.github.jetstreamspring.boot.operations;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Threads that ask the server on behalf of endpoints, so that whoever looks at one needs
 * not wait for all answers. They end when nobody has looked for a while.
 */
final class InquiryThreads implements Executor {

	private static final int MOST = 8;

	private static final long IDLE_SECONDS = 10;

	private final ThreadPoolExecutor threads;

	InquiryThreads() {
		CustomizableThreadFactory factory = new CustomizableThreadFactory("jetstream-endpoint-");
		factory.setDaemon(true);
		this.threads = new ThreadPoolExecutor(MOST, MOST, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				factory);
		this.threads.allowCoreThreadTimeOut(true);
	}

	@Override
	public void execute(Runnable question) {
		this.threads.execute(question);
	}

}
