"""What pages say in words: the sentence under each title, names of codes, labels, notices."""
