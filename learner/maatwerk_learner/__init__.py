"""What a learner has and keeps: answers, backup, erasing, progress, practice, handing in."""
