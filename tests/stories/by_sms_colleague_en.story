country TJ
# In Tajikistan, from the desk that writes English. Beside an open question of a caller the word is a wrong answer.
tj-country sends: pro
tj-country gets: OK: a coordinator will call this phone.
tj-country gets: To read: PRO 1 teacher, PRO 2 doctor, PRO 3 officer, PRO 4 employer
tj-coordinator-1 gets: Пример Вся страна просит вас позвонить: +992600500003
tj-country sends: PRO 4
tj-country gets: Look for: passport kept by a foreman, a debt for the job, never alone, pay goes to someone else. Say: you can tell me, you will keep your job. Pay what is owed, give papers back. Check your agency.
caller sends: занг
caller gets: Салом. Мешавад ба шумо занг занем?⏎1 Ҳа 0 Не
caller sends: ҳамкасб
caller gets: Танҳо рақам:⏎Салом. Мешавад ба шумо занг занем?⏎1 Ҳа 0 Не
