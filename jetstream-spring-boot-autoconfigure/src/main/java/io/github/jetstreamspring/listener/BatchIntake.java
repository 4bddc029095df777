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

package io.github.jetstreamspring.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Puts deliveries together in batches: as many as one takes, or as many as have come
 * before the first has waited long enough.
 */
final class BatchIntake implements Intake {

	private final int size;

	private final Duration timeout;

	private final ScheduledExecutorService scheduler;

	private final Consumer<List<ReceivedDelivery>> batches;

	// Guarded by this
	private List<ReceivedDelivery> batch = new ArrayList<>();

	BatchIntake(int size, Duration timeout, ScheduledExecutorService scheduler,
			Consumer<List<ReceivedDelivery>> batches) {
		this.size = size;
		this.timeout = timeout;
		this.scheduler = scheduler;
		this.batches = batches;
	}

	@Override
	public void accept(ReceivedDelivery delivery) {
		List<ReceivedDelivery> complete = null;
		synchronized (this) {
			this.batch.add(delivery);
			if (this.batch.size() >= this.size) {
				complete = take();
			}
			else if (this.batch.size() == 1) {
				List<ReceivedDelivery> begun = this.batch;
				try {
					this.scheduler.schedule(() -> flush(begun), this.timeout.toNanos(), TimeUnit.NANOSECONDS);
				}
				catch (Throwable ex) {
					// Without a timer it would wait until the batch is full
					begun.clear();
					throw ex;
				}
			}
		}
		if (complete != null) {
			this.batches.accept(complete);
		}
	}

	@Override
	public void stop(Consumer<ReceivedDelivery> leftover) {
		List<ReceivedDelivery> incomplete;
		synchronized (this) {
			incomplete = take();
		}
		incomplete.forEach(leftover);
	}

	private void flush(List<ReceivedDelivery> begun) {
		synchronized (this) {
			if (this.batch != begun) {
				// It was complete before its time
				return;
			}
			take();
		}
		if (!begun.isEmpty()) {
			this.batches.accept(begun);
		}
	}

	private List<ReceivedDelivery> take() {
		List<ReceivedDelivery> taken = this.batch;
		this.batch = new ArrayList<>();
		return taken;
	}

}
